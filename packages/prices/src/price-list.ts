import type { ModelName, PriceComponent, PricePoint } from "@tokenledger/clickhouse";

/** Where a price comes from. */
export type Layer = PricePoint["layer"];

/** The weakest first. */
export const layers: readonly Layer[] = ["genai-prices", "overlay", "user"];

/** Who says so, and when it was last compared with what they say. */
export interface Provenance {
  readonly source: string;
  /** `YYYY-MM-DD`; 1970-01-01: not known. */
  readonly checkedOn: string;
  readonly confidence: PricePoint["confidence"];
}

/** A variant of a model that has prices of its own. */
export interface Variant {
  /** Empty: anywhere. */
  readonly region: string;
  readonly serviceTier: string;
}

/** What some components of one model cost from one moment on, in one context band. */
export interface Quote extends Variant, Provenance {
  readonly provider: string;
  readonly model: string;
  /** `YYYY-MM-DD`, from 00:00 UTC. */
  readonly from: string;
  /** The smallest input, in tokens, that it applies to. */
  readonly contextFrom: number;
  /** USD per unit as a decimal; `null`: from now on there is no price. */
  readonly prices: Readonly<Partial<Record<PriceComponent, string | null>>>;
}

/** Models of one provider that a rule is for: names with `*` for any run of characters. */
export interface Scope {
  readonly provider: string;
  readonly models: readonly string[];
}

/**
 * A published rule: a tier of the standard tier, or a region of anywhere, costs so many times as much.
 * It holds for tokens, never for fees, and gives way to a quote for the same tier or region.
 */
export interface Factor extends Scope, Provenance {
  readonly kind: "service_tier" | "region";
  readonly values: readonly string[];
  readonly from: string;
  readonly factor: string;
}

/** A published rule: one component of a model costs so many times as much as another. */
export interface Ratio extends Scope, Provenance {
  readonly component: PriceComponent;
  readonly of: PriceComponent;
  readonly factor: string;
}

/**
 * What was agreed on: weaker layers' prices of these models, at any tier and in any region, times a factor.
 * The newest that has begun holds; a factor of 1 ends it.
 */
export interface Discount extends Scope, Provenance {
  readonly from: string;
  readonly factor: string;
  /** Empty: of every component. */
  readonly components: readonly PriceComponent[];
}

/** One provider sells other providers' models at their list price unless it has a quote of its own. */
export interface Resale {
  readonly provider: string;
  readonly lenders: readonly string[];
}

/** Somebody compared what weaker layers quote for these models with the source, and found it right. */
export interface Review extends Scope {
  readonly source: string;
  readonly checkedOn: string;
}

/** Everything one layer says. */
export interface PriceList {
  readonly layer: Layer;
  /** What it was read from, with version or date. */
  readonly description: string;
  readonly quotes: readonly Quote[];
  readonly factors: readonly Factor[];
  readonly ratios: readonly Ratio[];
  readonly discounts: readonly Discount[];
  readonly names: readonly ModelName[];
  /** Models whose spellings in weaker layers do not hold. */
  readonly renamed: readonly { readonly provider: string; readonly model: string }[];
  readonly resales: readonly Resale[];
  readonly reviews: readonly Review[];
}

/** True where a rule is for this model. */
export function covers(scope: Scope, provider: string, model: string): boolean {
  return scope.provider === provider && scope.models.some((pattern) => matches(pattern, model));
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, model: string): boolean {
  if (!pattern.includes("*")) return pattern === model;
  const known = compiled.get(pattern) ?? compile(pattern);
  compiled.set(pattern, known);
  return known.test(model);
}

function compile(pattern: string): RegExp {
  const literals = pattern.split("*").map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(".*")}$`);
}
