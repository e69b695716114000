import type { PriceComponent } from "@tokenledger/clickhouse";
import { feeComponents } from "./components.ts";
import type { Discount, Factor, Layer, Provenance, Quote, Ratio, Variant } from "./price-list.ts";
import { newestOf, type Resolved, times } from "./resolved.ts";

/** What one layer says about one model. */
export interface LayerRules {
  readonly layer: Layer;
  readonly quotes: readonly Quote[];
  readonly factors: readonly Factor[];
  readonly ratios: readonly Ratio[];
  readonly discounts: readonly Discount[];
}

/** A call that a price is looked up for: when it started and how much input it had. */
export interface Moment {
  readonly date: string;
  readonly input: number;
}

export const standardTier = "standard";
const baseVariant: Variant = { region: "", serviceTier: standardTier };

/** True for the standard tier anywhere, which every model is priced for. */
export const isBase = ({ region, serviceTier }: Variant): boolean => region === "" && serviceTier === standardTier;

/**
 * Finds what a component of one model costs. The first of these that has an answer wins:
 * a quote for this very tier and region, of the strongest layer; for a fee, that of the standard tier
 * anywhere; the regional factor on anywhere; the factor of the tier on the standard tier; the ratio to
 * another component.
 *
 * @param rules What the layers say about the model, the strongest first.
 * @returns `undefined` where nothing says what it costs.
 */
export function resolvePrice(
  rules: readonly LayerRules[],
  component: PriceComponent,
  variant: Variant,
  moment: Moment,
): Resolved | undefined {
  const quoted = quotedPrice(rules, component, variant, moment);
  if (quoted !== undefined) return quoted ?? undefined;
  if (feeComponents.includes(component) && !isBase(variant)) return resolvePrice(rules, component, baseVariant, moment);
  return (
    multiplied(rules, "region", component, variant, moment) ??
    multiplied(rules, "service_tier", component, variant, moment) ??
    proportional(rules, component, variant, moment)
  );
}

/** `null`: the strongest layer that speaks says there is no price. */
function quotedPrice(
  rules: readonly LayerRules[],
  component: PriceComponent,
  variant: Variant,
  moment: Moment,
): Resolved | null | undefined {
  for (const [index, { layer, quotes }] of rules.entries()) {
    const quote = inForce(quotes, component, variant, moment);
    const text = quote?.prices[component];
    if (!quote || text === undefined) continue;
    if (text === null) return null;
    const listed = { ...provenanceOf(quote), layer, price: text, from: quote.from };
    return discounted(rules.slice(0, index), component, moment.date, listed);
  }
  return undefined;
}

/** A listed price less the discount of the strongest of the layers above it that has one. */
function discounted(
  stronger: readonly LayerRules[],
  component: PriceComponent,
  date: string,
  listed: Resolved,
): Resolved {
  for (const { layer, discounts } of stronger) {
    const newest = newestOf(
      discounts.filter(
        ({ from, components }) => from <= date && (components.length === 0 || components.includes(component)),
      ),
    );
    if (!newest) continue;
    return { ...times(newest, layer, listed), checkedOn: listed.checkedOn };
  }
  return listed;
}

/** Of a layer's quotes for a component the newest, and of its bands the one that the input falls in. */
function inForce(
  quotes: readonly Quote[],
  component: PriceComponent,
  variant: Variant,
  { date, input }: Moment,
): Quote | undefined {
  const said = quotes.filter(
    (quote) =>
      quote.prices[component] !== undefined &&
      quote.region === variant.region &&
      quote.serviceTier === variant.serviceTier &&
      quote.from <= date,
  );
  const newest = said.reduce((latest, { from }) => (from > latest ? from : latest), "");
  return said
    .filter(({ from, contextFrom }) => from === newest && contextFrom <= input)
    .reduce<Quote | undefined>(
      (best, quote) => (best && best.contextFrom > quote.contextFrom ? best : quote),
      undefined,
    );
}

function multiplied(
  rules: readonly LayerRules[],
  kind: Factor["kind"],
  component: PriceComponent,
  variant: Variant,
  moment: Moment,
): Resolved | undefined {
  const base = baseOf(kind, variant);
  const found = base && factorInForce(rules, kind, variant, moment.date);
  if (!base || !found) return undefined;
  const { factor, layer } = found;
  const resolved = resolvePrice(rules, component, base, moment);
  if (!resolved) return undefined;
  return times(factor, layer, resolved);
}

/** The variant that a factor multiplies; `undefined` where this one is the base itself. */
function baseOf(kind: Factor["kind"], variant: Variant): Variant | undefined {
  if (kind === "region") return variant.region === "" ? undefined : { ...variant, region: "" };
  return variant.serviceTier === standardTier ? undefined : { ...variant, serviceTier: standardTier };
}

function factorInForce(
  rules: readonly LayerRules[],
  kind: Factor["kind"],
  variant: Variant,
  date: string,
): { factor: Factor; layer: Layer } | undefined {
  const value = kind === "region" ? variant.region : variant.serviceTier;
  for (const { layer, factors } of rules) {
    const newest = newestOf(
      factors.filter((factor) => factor.kind === kind && factor.values.includes(value) && factor.from <= date),
    );
    if (newest) return { factor: newest, layer };
  }
  return undefined;
}

function proportional(
  rules: readonly LayerRules[],
  component: PriceComponent,
  variant: Variant,
  moment: Moment,
): Resolved | undefined {
  for (const { layer, ratios } of rules) {
    const ratio = ratios.find((candidate) => candidate.component === component);
    const base = ratio && resolvePrice(rules, ratio.of, variant, moment);
    if (ratio && base) {
      return times({ ...ratio, from: base.from }, layer, base);
    }
  }
  return undefined;
}

function provenanceOf({ source, checkedOn, confidence }: Provenance): Provenance {
  return { source, checkedOn, confidence };
}
