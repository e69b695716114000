import { dim, heading, warn } from "../../output/style.ts";
import { table, type Column } from "../../output/table.ts";
import { plain, wrapped } from "../../output/text.ts";

/** A row of `price_explanation`. */
export interface ExplainedPrice {
  provider: string;
  model: string;
  spelling: string;
  spelling_kind: "exact" | "prefix";
  /** `0`: the model is known, but has no price for this tier at this time. */
  price_card_id: string;
  region: string;
  service_tier: string;
  card_valid_from: string;
  component: string;
  priced_as: string;
  context_from: string;
  usd_per_million: string;
  valid_from: string;
  layer: string;
  source: string;
  checked_on: string;
  confidence: string;
}

/** Another model, or another tier or region of the same one, that has a price. */
export interface SimilarModel {
  provider: string;
  model: string;
  distance?: string;
  service_tier?: string;
  region?: string;
}

/** Providers beyond these are named only: most sell the same models at the maker's price. */
const mostProviders = 3;

/** What a call is priced with, provider by provider, those first whose prices are their own. */
export function explanationText(
  model: string,
  prices: readonly ExplainedPrice[],
  similar: readonly SimilarModel[],
): string {
  const providers = [...Map.groupBy(prices, ({ provider }) => provider)].toSorted(
    ([, one], [, other]) => resold(one) - resold(other),
  );
  const shown = providers.slice(0, mostProviders).map(([, rows]) => providerText(model, rows, similar));
  const others = providers.slice(mostProviders).map(([provider]) => provider);
  if (others.length > 0) shown.push(dim(wrapped(`Also sold by ${others.join(", ")}: see one with --provider`)));
  return shown.join("\n");
}

/** What to do about a model that the catalogue does not know. */
export function unknownText(model: string, provider: string, similar: readonly SimilarModel[]): string {
  const of = provider === "" ? "" : ` of ${plain(provider)}`;
  const lines = [
    `${warn("No price")}: no model${of} in the catalogue is called ${plain(model)}. Its calls are counted as unpriced, never as $0.`,
  ];
  if (similar.length > 0) {
    lines.push("", "Spelled most like it:");
    lines.push(...similar.slice(0, 5).map((one) => `  ${plain(one.model)} ${dim(`of ${plain(one.provider)}`)}`));
  }
  const at = provider === "" ? "PROVIDER" : quoted(provider);
  lines.push(
    "",
    "If it is another name of one of these, or of what is deployed behind it:",
    `  tokenledger prices add name ${quoted(model)} --provider ${at} --model MODEL`,
    "If it is a model of its own:",
    `  tokenledger prices add price ${quoted(model)} --provider ${at} --million input=2.50 output=10`,
  );
  return lines.join("\n");
}

/** A name as a word of a command to copy: a shell takes nothing in it for anything else. */
const quoted = (name: string): string =>
  /^[\w.:/-]+$/.test(name) ? name : `'${plain(name).replaceAll("'", "'\\''")}'`;

/** Resellers quote nothing themselves: their prices are derived. */
const resold = (rows: readonly ExplainedPrice[]): number =>
  rows.every(({ confidence }) => confidence === "derived") ? 1 : 0;

function providerText(model: string, rows: readonly ExplainedPrice[], similar: readonly SimilarModel[]): string {
  const [first] = rows;
  if (first === undefined) return "";
  const title = heading(plain(`${first.provider} ${first.model}`));
  const named = `"${plain(model)}" is read as ${plain(first.model)}: ${spelled(model, first)}`;
  if (first.price_card_id === "0") return [title, named, withoutCard(first, similar)].join("\n");
  const region = first.region === "" ? "in any region without prices of its own" : `in region ${plain(first.region)}`;
  const card = `Card ${first.price_card_id}: ${plain(first.service_tier)} tier, ${region}, ${since(first.card_valid_from)}`;
  const [own, standIns] = [true, false].map((is) =>
    rows.filter(({ component, priced_as }) => (component === priced_as) === is),
  );
  const sources = distinct(rows.map(({ source }) => source));
  return [
    title,
    named,
    card,
    table(own ?? [], columnsWith(sources)),
    ...[...Map.groupBy(standIns ?? [], ({ priced_as }) => priced_as)].map(([as, those]) =>
      dim(
        wrapped(
          `At the price of ${as}, having none of their own: ${distinct(those.map(({ component }) => component)).join(", ")}`,
        ),
      ),
    ),
    ...sources.map((source, index) => dim(`[${index + 1}] ${plain(source)}`)),
  ].join("\n");
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

function withoutCard(row: ExplainedPrice, similar: readonly SimilarModel[]): string {
  const others = similar
    .filter(({ provider }) => provider === row.provider)
    .map(({ service_tier = "", region = "" }) => `${service_tier}${region === "" ? "" : ` ${region}`}`);
  const known = others.length === 0 ? "It has no price at all now." : `It has prices for: ${others.join(", ")}.`;
  return (
    `${warn("No price")} for the ${plain(row.service_tier)} tier at that time, so such calls are counted as unpriced, never as $0. ${known}\n` +
    `Yours can be added: tokenledger prices add price ${quoted(row.model)} --provider ${quoted(row.provider)} --tier ${quoted(row.service_tier)} --million input=2.50 output=10`
  );
}

function spelled(model: string, { spelling, spelling_kind }: ExplainedPrice): string {
  if (spelling_kind === "prefix") return `names that begin with "${plain(spelling)}" are`;
  return spelling === model.toLowerCase() ? "it is called so" : `without its date it is called "${plain(spelling)}"`;
}

const since = (instant: string): string =>
  instant.startsWith("1970-01-01") ? "since ever" : `since ${instant.slice(0, 10)}`;

const columnsWith = (sources: readonly string[]): Column<ExplainedPrice>[] => [
  { heading: "component", show: (row) => row.component },
  {
    heading: "over",
    show: (row) => (row.context_from === "0" ? "" : String(Number(row.context_from) - 1)),
    align: "right",
  },
  { heading: "$/million", show: (row) => row.usd_per_million, align: "right" },
  { heading: "since", show: (row) => (row.valid_from.startsWith("1970-01-01") ? "ever" : row.valid_from.slice(0, 10)) },
  { heading: "layer", show: (row) => row.layer },
  { heading: "how sure", show: (row) => row.confidence },
  { heading: "checked", show: (row) => (row.checked_on === "1970-01-01" ? "unknown" : row.checked_on) },
  { heading: "source", show: (row) => `[${sources.indexOf(row.source) + 1}]` },
];
