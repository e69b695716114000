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
 * Fills in what a component without a price of its own costs, where that is how providers bill:
 *
 * - tokens read from a cache without a discount, tool definitions, documents, video and images are input;
 * - reasoning and predictions are output, whatever became of them;
 * - a write of unknown duration is a write of the shortest one, and the other way round;
 * - writing to a cache that charges no write is input, for any duration.
 *
 * Audio and generated images are dearer than text wherever they are sold, so without a price they
 * stay unpriced, as does a duration that a provider who charges writes has no price for.
 */
export function withFallbacks(own: BandPrices): BandPrices {
  const { input, output } = own;
  const shortWrite = own.cache_write ?? own.cache_write_5m ?? own.cache_write_30m;
  const chargesWrites = shortWrite !== undefined || own.cache_write_1h !== undefined;
  const longWrite = chargesWrites ? undefined : input;
  return stripped({
    cache_read: input,
    cache_write: shortWrite ?? longWrite,
    cache_write_5m: shortWrite ?? longWrite,
    cache_write_30m: longWrite,
    cache_write_1h: longWrite,
    cache_write_12h: longWrite,
    cache_read_audio: own.cache_read === undefined ? own.input_audio : undefined,
    input_image: input,
    input_video: input,
    input_document: input,
    input_tool_use: input,
    reasoning: output,
    prediction_accepted: output,
    prediction_rejected: output,
    ...stripped(own),
  });
}

function stripped(prices: Partial<Record<PriceComponent, string | undefined>>): BandPrices {
  const kept: BandPrices = {};
  for (const component of priceComponents) {
    const price = prices[component];
    if (price !== undefined) kept[component] = price;
  }
  return kept;
}
