import type { ForeignLanding } from "./foreign-landing.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";

/** What a run of {@link backfill} read. */
export interface BackfillReport {
  readonly landing: string;
  readonly spans: number;
  readonly hours: number;
}

export interface BackfillOptions {
  /** Spans read so far, of how many. */
  onProgress?(read: number, all: number): void;
}

/** Seconds after which an hour is over and its spans are there. */
const underWay = 7_200;

interface Hour {
  /** Seconds since 1970. */
  readonly hour: string;
  readonly spans: string;
}

/** Hours are read together up to so many spans, and never those of two days: an insert is one part a day. */
const spansAtOnce = 1_000_000;

/**
 * Reads what a foreign landing table held before its new rows were taken up, oldest first. Interrupted and started again, it
 * goes on where it was. The hours since the table is followed may be read again: facts know a span that comes twice.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function backfill(
  target: LedgerTarget,
  options: BackfillOptions = {},
): Promise<BackfillReport | undefined> {
  const { landing } = target;
  if (!landing) return undefined;
  const hours = await unreadHours(target, landing);
  const all = hours.reduce((sum, { spans }) => sum + Number(spans), 0);
  let read = 0;
  for (const chunk of chunksOf(hours)) {
    await readHours(target, landing, chunk);
    read += chunk.reduce((sum, { spans }) => sum + Number(spans), 0);
    options.onProgress?.(read, all);
  }
  return { landing: landing.table, spans: read, hours: hours.length };
}

const unreadHours = (target: LedgerTarget, { table }: ForeignLanding): Promise<Hour[]> =>
  selectRows<Hour>(
    target,
    `SELECT toUnixTimestamp(toStartOfHour(source.Timestamp, 'UTC')) AS hour, count() AS spans FROM ${table} AS source
     GROUP BY hour
     HAVING hour NOT IN (SELECT toUnixTimestamp(done.hour) FROM ${target.database}.landing_hours AS done FINAL WHERE done.landing = {table:String})
     ORDER BY hour`,
    { table },
  );

function* chunksOf(hours: readonly Hour[]): Generator<Hour[]> {
  let chunk: Hour[] = [];
  let spans = 0;
  for (const hour of hours) {
    const isOtherDay = dayOf(hour) !== dayOf(chunk.at(-1) ?? hour);
    if (chunk.length > 0 && (isOtherDay || spans + Number(hour.spans) > spansAtOnce)) {
      yield chunk;
      [chunk, spans] = [[], 0];
    }
    chunk.push(hour);
    spans += Number(hour.spans);
  }
  if (chunk.length > 0) yield chunk;
}

const dayOf = ({ hour }: Hour): number => Math.floor(Number(hour) / 86_400);

async function readHours(
  { client, database }: LedgerTarget,
  { table, columns, select }: ForeignLanding,
  hours: readonly Hour[],
): Promise<void> {
  const seconds = hours.map(({ hour }) => Number(hour));
  await client.command({
    query: `INSERT INTO ${database}.otel_traces (${columns.join(", ")}) ${select}
      WHERE source.Timestamp >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND source.Timestamp < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`,
    query_params: {
      from: `${Math.min(...seconds)}000000000`,
      to: `${Math.max(...seconds) + 3_600}000000000`,
    },
  });
  // What was still under way is read again by the next run.
  const whole = hours.filter(({ hour }) => Number(hour) < Date.now() / 1_000 - underWay);
  if (whole.length === 0) return;
  await client.insert({
    table: `${database}.landing_hours`,
    values: whole.map(({ hour, spans }) => ({ landing: table, hour: Number(hour), spans })),
    format: "JSONEachRow",
    clickhouse_settings: { async_insert: 0 },
  });
}
