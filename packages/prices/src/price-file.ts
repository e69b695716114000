import type { ModelName, PriceComponent } from "@tokenledger/clickhouse";
import { feeComponents, priceComponents } from "./components.ts";
import { formatPrice, parsePrice } from "./decimal.ts";
import { beginning } from "./genai/model-quotes.ts";
import { ObjectReader, PriceFileError } from "./price-file-reader.ts";
import type { Factor, Layer, PriceList, Provenance, Quote, Ratio, Review, Scope } from "./price-list.ts";
import { standardTier } from "./resolve.ts";

const million = 6;
const largestPrice = parsePrice("1000") ?? 0n;

/**
 * Reads what a price file says: the format of the shipped overlay and of a user's own prices, described
 * in the package's README.
 *
 * @param file What messages call it.
 * @param content Its JSON, parsed.
 * @throws {PriceFileError} naming every fault by row and field.
 */
export function readPriceList(file: string, content: unknown, layer: Layer): PriceList {
  const problems: string[] = [];
  const root = new ObjectReader(content, "", problems, ["prices", "factors", "ratios", "names", "reviews"]);
  const each = <Row>(field: string, read: (value: unknown, place: string, problems: string[]) => Row): Row[] =>
    root.entries(field).map(({ value, place }) => read(value, place, problems));
  const namings = each("names", readNames);
  const list: PriceList = {
    layer,
    description: file,
    quotes: each("prices", readQuotes).flat(),
    factors: each("factors", readFactor),
    ratios: each("ratios", readRatio),
    names: namings.flatMap(({ names }) => names),
    renamed: namings.flatMap(({ replaced }) => replaced),
    reviews: each("reviews", readReview),
    resales: [],
  };
  if (problems.length > 0) throw new PriceFileError(file, problems);
  return { ...list, names: [...list.names, ...ownNames(list)] };
}

const provenanceFields = ["source", "checked_on", "why"];

function readProvenance(row: ObjectReader): Provenance {
  return {
    source: row.text("source", "price file"),
    checkedOn: row.date("checked_on", beginning),
    confidence: "explicit",
  };
}

function readQuotes(value: unknown, place: string, problems: string[]): Quote[] {
  const fields = [
    "provider",
    "model",
    "models",
    "service_tier",
    "service_tiers",
    "region",
    "from",
    "input_tokens_over",
  ];
  const priced = ["usd_per_million_tokens", "usd_each"];
  const row = new ObjectReader(value, place, problems, [...fields, ...priced, ...provenanceFields, "confidence"]);
  const prices = { ...readPrices(row, "usd_per_million_tokens", million), ...readPrices(row, "usd_each", 0) };
  if (!priced.some((field) => row.has(field))) row.fault("usd_per_million_tokens", "is missing, and so is usd_each");
  const over = row.count("input_tokens_over");
  const common = {
    provider: row.text("provider"),
    region: row.text("region", ""),
    from: row.date("from", beginning),
    contextFrom: over === undefined ? 0 : over + 1,
    prices,
    ...readProvenance(row),
    ...readConfidence(row),
  };
  const tiers = row.has("service_tiers") ? row.texts("service_tiers") : [row.text("service_tier", standardTier)];
  const models = row.has("models") ? row.texts("models") : [row.text("model")];
  return models.flatMap((model) => tiers.map((serviceTier) => ({ ...common, model, serviceTier })));
}

function readConfidence(row: ObjectReader): Pick<Quote, "confidence"> {
  const confidence = row.text("confidence", "explicit");
  if (confidence !== "explicit" && confidence !== "derived") row.fault("confidence", "must be explicit or derived");
  return { confidence: confidence === "derived" ? "derived" : "explicit" };
}

function readPrices(row: ObjectReader, field: string, perUnits: number): Quote["prices"] {
  const allowed = priceComponents.filter((component) => feeComponents.includes(component) === (perUnits === 0));
  const prices: Partial<Record<PriceComponent, string | null>> = {};
  for (const [name, value] of row.members(field)) {
    const component = allowed.find((candidate) => candidate === name);
    if (!component) row.fault(`${field}.${name}`, `is not one of ${allowed.join(", ")}`);
    else if (value === null) prices[component] = null;
    else prices[component] = readDecimal(row, `${field}.${name}`, value, perUnits);
  }
  return prices;
}

function readDecimal(row: ObjectReader, field: string, value: unknown, perUnits: number): string {
  const text = typeof value === "number" ? String(value) : value;
  const scaled = typeof text === "string" ? parsePrice(text, perUnits) : undefined;
  if (scaled === undefined) row.fault(field, `must be a decimal number of at least 0, not ${JSON.stringify(value)}`);
  else if (scaled >= largestPrice) row.fault(field, "is more than 999 USD for a single unit");
  return formatPrice(scaled ?? 0n);
}

function readScope(row: ObjectReader): Scope {
  return { provider: row.text("provider"), models: row.texts("models") };
}

interface Naming {
  readonly names: readonly ModelName[];
  readonly replaced: PriceList["renamed"];
}

function readFactor(value: unknown, place: string, problems: string[]): Factor {
  const fields = ["provider", "models", "service_tiers", "regions", "factor", "from"];
  const row = new ObjectReader(value, place, problems, [...fields, ...provenanceFields]);
  const kind = row.has("regions") ? "region" : "service_tier";
  if (row.has("regions") && row.has("service_tiers"))
    row.fault("regions", "goes in a row of its own, without service_tiers");
  return {
    kind,
    values: row.texts(kind === "region" ? "regions" : "service_tiers"),
    factor: readDecimal(row, "factor", row.raw("factor"), 0),
    from: row.date("from", beginning),
    ...readScope(row),
    ...readProvenance(row),
  };
}

function readRatio(value: unknown, place: string, problems: string[]): Ratio {
  const row = new ObjectReader(value, place, problems, [
    "provider",
    "models",
    "component",
    "of",
    "factor",
    ...provenanceFields,
  ]);
  return {
    component: readComponent(row, "component"),
    of: readComponent(row, "of"),
    factor: readDecimal(row, "factor", row.raw("factor"), 0),
    ...readScope(row),
    ...readProvenance(row),
  };
}

function readComponent(row: ObjectReader, field: string): PriceComponent {
  const name = row.text(field);
  const component = priceComponents.find((candidate) => candidate === name);
  if (name && !component) row.fault(field, `is not one of ${priceComponents.join(", ")}`);
  return component ?? "input";
}

function readNames(value: unknown, place: string, problems: string[]): Naming {
  const row = new ObjectReader(value, place, problems, ["provider", "model", "exact", "prefix", "replace", "why"]);
  const [provider, model] = [row.text("provider"), row.text("model")];
  const spelled = (kind: ModelName["kind"]) =>
    row.texts(kind, true).map((name) => ({ provider, name: name.toLowerCase(), kind, model }));
  const replaced = row.raw("replace") === true ? [{ provider, model }] : [];
  if (row.has("replace") && typeof row.raw("replace") !== "boolean") row.fault("replace", "must be true or false");
  return { names: [...spelled("exact"), ...spelled("prefix")], replaced };
}

function readReview(value: unknown, place: string, problems: string[]): Review {
  const row = new ObjectReader(value, place, problems, ["provider", "models", ...provenanceFields]);
  return { ...readScope(row), source: row.text("source"), checkedOn: row.date("checked_on") };
}

/** A model that a file prices is also called what the file calls it. */
function ownNames({ quotes, names }: PriceList): ModelName[] {
  const models = new Map(quotes.map(({ provider, model }) => [`${provider} ${model}`, { provider, model }]));
  return [...models.values()]
    .map(({ provider, model }) => ({ provider, name: model.toLowerCase(), kind: "exact" as const, model }))
    .filter(
      (own) =>
        !names.some(({ provider, name, kind }) => provider === own.provider && name === own.name && kind === "exact"),
    );
}
