import type { PriceComponent } from "@tokenledger/clickhouse";

/** Components charged once per use, not per token: no tier or region changes them. */
export const feeComponents: readonly PriceComponent[] = [
  "web_search",
  "web_fetch",
  "file_search",
  "code_execution",
  "request",
];

const tokenComponents: readonly PriceComponent[] = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_5m",
  "cache_write_30m",
  "cache_write_1h",
  "cache_write_12h",
  "input_audio",
  "cache_read_audio",
  "input_image",
  "input_video",
  "input_document",
  "input_tool_use",
  "output",
  "reasoning",
  "output_audio",
  "output_image",
  "prediction_accepted",
  "prediction_rejected",
];

/** Every component of a price card, in the order of its columns. */
export const priceComponents: readonly PriceComponent[] = [...tokenComponents, ...feeComponents];

/** The prices of one card in one band, as decimals. */
export type BandPrices = Partial<Record<PriceComponent, string>>;

/**
 * Which component's price stands in for one without a price of its own, where that is how providers bill:
 *
 * - tokens read from a cache without a discount, tool definitions, documents, video and images are input;
 * - reasoning and predictions are output, whatever became of them;
 * - a write of unknown duration is a write of the shortest one, and the other way round;
 * - writing to a cache that charges no write is input, for any duration.
 *
 * Audio and generated images are dearer than text wherever they are sold, so without a price they
 * stay unpriced, as does a duration that a provider who charges writes has no price for.
 */
export function standInFor(component: PriceComponent, own: BandPrices): PriceComponent | undefined {
  const priced = (...candidates: PriceComponent[]) => candidates.find((candidate) => own[candidate] !== undefined);
  const shortWrite = priced("cache_write", "cache_write_5m", "cache_write_30m");
  const chargesWrites = shortWrite !== undefined || own.cache_write_1h !== undefined;
  switch (component) {
    case "cache_write":
    case "cache_write_5m":
      return shortWrite ?? (chargesWrites ? undefined : priced("input"));
    case "cache_write_30m":
    case "cache_write_1h":
    case "cache_write_12h":
      return chargesWrites ? undefined : priced("input");
    case "cache_read_audio":
      return own.cache_read === undefined ? priced("input_audio") : undefined;
    case "cache_read":
    case "input_image":
    case "input_video":
    case "input_document":
    case "input_tool_use":
      return priced("input");
    case "reasoning":
    case "prediction_accepted":
    case "prediction_rejected":
      return priced("output");
    default:
      return undefined;
  }
}

/** A band's own prices, and those that stand in for the missing ones. */
export function withStandIns(own: BandPrices): BandPrices {
  const all: BandPrices = {};
  for (const component of priceComponents) {
    const standIn = standInFor(component, own);
    const price = own[component] ?? (standIn && own[standIn]);
    if (price !== undefined) all[component] = price;
  }
  return all;
}
