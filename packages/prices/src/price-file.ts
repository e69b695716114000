import type { ModelName, PriceComponent } from "@tokenledger/clickhouse";
import { priceComponents } from "./components.ts";
import { beginning } from "./genai/model-quotes.ts";
import { amountFields, readAmounts, readDecimal } from "./price-amounts.ts";
import { ObjectReader, PriceFileError } from "./price-file-reader.ts";
import type { Discount, Factor, Layer, PriceList, Provenance, Quote, Ratio, Review, Scope } from "./price-list.ts";
import { standardTier } from "./resolve.ts";

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
  const root = new ObjectReader(content, "", problems, [
    "prices",
    "factors",
    "ratios",
    "discounts",
    "names",
    "reviews",
  ]);
  const each = <Row>(field: string, read: (value: unknown, place: string, problems: string[]) => Row): Row[] =>
    root.entries(field).map(({ value, place }) => read(value, place, problems));
  const namings = each("names", readNames);
  const list: PriceList = {
    layer,
    description: file,
    quotes: each("prices", readQuotes).flat(),
    factors: each("factors", readFactor),
    ratios: each("ratios", readRatio),
    discounts: each("discounts", readDiscount),
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
  const row = new ObjectReader(value, place, problems, [...fields, ...amountFields, ...provenanceFields, "confidence"]);
  const over = row.count("input_tokens_over");
  const common = {
    provider: row.text("provider"),
    region: row.text("region", ""),
    from: row.date("from", beginning),
    contextFrom: over === undefined ? 0 : over + 1,
    prices: readAmounts(row),
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
    factor: readDecimal(row, "factor", row.raw("factor")),
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
    factor: readDecimal(row, "factor", row.raw("factor")),
    ...readScope(row),
    ...readProvenance(row),
  };
}

function readDiscount(value: unknown, place: string, problems: string[]): Discount {
  const fields = ["provider", "models", "components", "factor", "from"];
  const row = new ObjectReader(value, place, problems, [...fields, ...provenanceFields]);
  return {
    components: row.texts("components", true).map((name) => componentNamed(row, "components", name)),
    factor: readDecimal(row, "factor", row.raw("factor")),
    from: row.date("from", beginning),
    ...readScope(row),
    ...readProvenance(row),
  };
}

function readComponent(row: ObjectReader, field: string): PriceComponent {
  return componentNamed(row, field, row.text(field));
}

function componentNamed(row: ObjectReader, field: string, name: string): PriceComponent {
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
