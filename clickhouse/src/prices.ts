/** What a price is charged for: the component names of core's token classes, and the fee of a request. */
export type PriceComponent =
  | "input"
  | "cache_read"
  | "cache_write"
  | "cache_write_5m"
  | "cache_write_30m"
  | "cache_write_1h"
  | "cache_write_12h"
  | "input_audio"
  | "cache_read_audio"
  | "input_image"
  | "input_video"
  | "input_document"
  | "input_tool_use"
  | "output"
  | "reasoning"
  | "output_audio"
  | "output_image"
  | "prediction_accepted"
  | "prediction_rejected"
  | "web_search"
  | "web_fetch"
  | "file_search"
  | "code_execution"
  | "request";

/** A row of `price_points`, without the version that publishing gives it: one price that a card rests on. */
export interface PricePoint {
  readonly price_card_id: string;
  readonly provider: string;
  readonly model: string;
  /** Empty: anywhere. */
  readonly region: string;
  readonly service_tier: string;
  readonly component: PriceComponent;
  /** Applies to requests of at least so many input tokens, cache included. */
  readonly context_from: number;
  /** Components without a price of their own, which cost as much. */
  readonly stands_in_for: readonly PriceComponent[];
  /** `YYYY-MM-DD HH:MM:SS`, UTC: since when the source says so. */
  readonly valid_from: string;
  /** USD per one token, request or session, as an exact decimal of at most 15 places. */
  readonly price_usd: string;
  readonly layer: "genai-prices" | "overlay" | "user";
  readonly source: string;
  /** `YYYY-MM-DD`; 1970-01-01: not known. */
  readonly checked_on: string;
  readonly confidence: "explicit" | "derived" | "stale";
}

/**
 * A row of `price_cards`, without its version. Every component is an array of exact decimals over the
 * bands in `context_from`; `null` where it has no price.
 */
export interface PriceCard extends Readonly<Record<PriceComponent, readonly (string | null)[]>> {
  /** Unsigned 64-bit hash of the card's content, in decimal. */
  readonly price_card_id: string;
  readonly provider: string;
  readonly model: string;
  readonly region: string;
  readonly service_tier: string;
  readonly valid_from: string;
  readonly context_from: readonly number[];
}

/** A row of `model_names`, without its version. */
export interface ModelName {
  readonly provider: string;
  /** Lower case. */
  readonly name: string;
  readonly kind: "exact" | "prefix";
  readonly model: string;
}

/** A complete price list, as `publishPrices` takes it. */
export interface PriceCatalogue {
  /** What it was compiled from, with versions. */
  readonly sources: readonly string[];
  readonly points: readonly PricePoint[];
  readonly cards: readonly PriceCard[];
  readonly names: readonly ModelName[];
}

/** A price list by the name of its content, to be made only where that is not in force yet. */
export interface CatalogueOffer {
  readonly contentHash: string;
  load(): Promise<PriceCatalogue>;
}
