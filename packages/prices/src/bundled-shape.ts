import type { ModelName, PriceComponent } from "@tokenledger/clickhouse";

/** The prices that ship with the package, packed: this is what the build writes into it. */
export interface BundledPrices {
  /** What they were compiled from, with version or date. */
  readonly origin: string;
  readonly providers: readonly BundledProvider[];
}

export interface BundledProvider {
  /** Every `gen_ai.provider.name` that it goes by. */
  readonly names: readonly string[];
  /** Its price page. */
  readonly source: string;
  readonly models: readonly (readonly [model: string, quotes: readonly BundledQuote[]])[];
  readonly spellings: readonly (readonly [kind: ModelName["kind"], name: string, model: string])[];
  /** Providers whose models it sells at their list price. */
  readonly lenders: readonly string[];
  /** What its data says that the catalogue does not. */
  readonly reports: readonly string[];
}

type BundledQuote = readonly [
  from: string,
  contextFrom: number,
  prices: Readonly<Partial<Record<PriceComponent, string | null>>>,
];
