import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { rewrite } from "./rewrite.ts";
import { factSource, sqlFile } from "./sql-files.ts";

/** Calls that started in a half-open range of time. */
export interface RepricingWindow {
  readonly from: Date;
  readonly to: Date;
}

/** A day of calls, and how many of them another catalogue priced. */
export interface RepricedDay {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly calls: number;
  readonly pending: number;
}

/** What another catalogue changes about the calls of one model; money as exact decimals. */
export interface RepricedModel {
  readonly provider: string;
  readonly model: string;
  readonly calls: string;
  readonly unpriced_calls: string;
  readonly newly_unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly new_known_cost_usd: string;
}

/**
 * The version of a catalogue to price with.
 *
 * @param book `newer`: the one in force; `older`: the one before it; or the version of any that was published.
 * @throws LedgerError `unknown_catalogue`
 */
export async function catalogueVersion(target: LedgerTarget, book: string = "newer"): Promise<number> {
  const { database } = target;
  const rows = await selectRows<{ price_version: number; published: boolean }>(
    target,
    `SELECT DISTINCT known.price_version AS price_version, known.published AS published
     FROM
     (
         SELECT price_version, true AS published FROM ${database}.price_catalogues
         UNION ALL
         SELECT price_version, false AS published FROM ${database}.price_books
     ) AS known
     ORDER BY price_version DESC`,
  );
  const published = rows.filter((row) => row.published);
  const place = ["newer", "older"].indexOf(book);
  const found = place >= 0 ? published[place] : rows.find(({ price_version }) => String(price_version) === book);
  if (found !== undefined) return found.price_version;
  const known = rows.map(({ price_version }) => price_version).join(", ");
  throw new LedgerError(
    "unknown_catalogue",
    `The ledger has no ${place >= 0 ? `${book} price catalogue` : `price catalogue "${book}"`}. It has: ${known || "none"}.`,
  );
}

/** The days with calls, in order, and what is left to do on each: asked again, it tells how far a repricing came. */
export async function repricedDays(
  target: LedgerTarget,
  { from, to }: RepricingWindow,
  priceVersion: number,
): Promise<RepricedDay[]> {
  return selectRows<RepricedDay>(
    target,
    `SELECT toString(toDate(calls.started_at)) AS day, toUInt32(count()) AS calls, toUInt32(countIf(calls.price_version != {price_version:UInt32})) AS pending
     FROM ${target.database}.llm_calls AS calls FINAL
     WHERE calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
     GROUP BY day ORDER BY day`,
    parametersOf({ from, to }, priceVersion),
  );
}

/**
 * Prices the calls of a window once more, with any published catalogue. Every row is written whole or not at all, and
 * those that the catalogue has priced already stay: what was interrupted is simply started again.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function reprice(target: LedgerTarget, window: RepricingWindow, priceVersion: number): Promise<void> {
  const query = pricingQuery(
    target,
    `SELECT calls.* REPLACE (bitOr(bitAnd(calls.version, 0xFFFFFF0000000000), toUInt64(toUnixTimestamp64Milli(now64(3)) - 1577836800000)) AS version)
     FROM ${target.database}.llm_calls AS calls FINAL
     WHERE calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}
         AND calls.price_version != {price_version:UInt32}`,
  );
  const parameters = parametersOf(window, priceVersion);
  const columns = await selectRows<{ name: string }>(target, `DESCRIBE TABLE (${query})`, parameters);
  const names = columns.map(({ name }) => name).join(", ");
  await rewrite(target, `${target.database}.llm_calls (${names}) ${query}`, parameters);
}

/** What pricing a window with another catalogue would change, model by model; nothing is written. */
export async function previewRepricing(
  target: LedgerTarget,
  window: RepricingWindow,
  priceVersion: number,
): Promise<RepricedModel[]> {
  const calls = `SELECT calls.* FROM ${target.database}.llm_calls AS calls FINAL
     WHERE calls.billed_by = 0 AND calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}`;
  const sums = (rows: string): string =>
    `SELECT toString(priced.provider) AS provider, toString(priced.model) AS model, count() AS calls,
         countIf(priced.cost_usd IS NULL) AS unpriced_calls, sum(priced.known_cost_usd) AS known_cost_usd
     FROM (${rows}) AS priced GROUP BY provider, model`;
  return selectRows<RepricedModel>(
    target,
    `SELECT
         old.provider AS provider, old.model AS model, old.calls AS calls,
         old.unpriced_calls AS unpriced_calls, fresh.unpriced_calls AS newly_unpriced_calls,
         old.known_cost_usd AS known_cost_usd, fresh.known_cost_usd AS new_known_cost_usd
     FROM (${sums(calls)}) AS old
     INNER JOIN (${sums(pricingQuery(target, calls))}) AS fresh ON fresh.provider = old.provider AND fresh.model = old.model
     ORDER BY abs(new_known_cost_usd - known_cost_usd) DESC, provider, model`,
    parametersOf(window, priceVersion),
  );
}

const parametersOf = ({ from, to }: RepricingWindow, priceVersion: number): Record<string, unknown> => ({
  from: textOf(from),
  to: textOf(to),
  price_version: priceVersion,
});

const textOf = (instant: Date): string => instant.toISOString().replace("T", " ").replace("Z", "");

/** The price formula of `price_calls`, over other calls than those that come in, with {price_version} for the newest. */
function pricingQuery({ client, database }: LedgerTarget, calls: string): string {
  // Without its cluster: the whole ledger's rows, in place of those that are on the node.
  const { text } = sqlFile("price_calls", factSource("price_calls"), { client, database });
  const formula = text.slice(text.search(/^AS$/m) + "AS\n".length);
  return replaced(
    replaced(
      formula,
      `(SELECT max(catalogues.price_version) FROM ${database}.price_catalogues AS catalogues)`,
      "{price_version:UInt32}",
    ),
    `${database}.llm_calls_unpriced`,
    `(${calls})`,
  );
}

function replaced(text: string, part: string, by: string): string {
  if (!text.includes(part)) throw new Error(`price_calls no longer reads ${part}: repricing follows it`);
  return text.replaceAll(part, by);
}
