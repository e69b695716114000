import type { ConditionalPrice, ModelInfo, ModelPrice } from "@pydantic/genai-prices";
import type { PriceComponent } from "@tokenledger/clickhouse";
import { formatPrice, parsePrice } from "../decimal.ts";

/** What a price key of genai-prices is the price of, and of how many units as a power of ten. */
const priceKeys: Readonly<Record<string, readonly [PriceComponent, number]>> = {
  input_mtok: ["input", 6],
  cache_read_mtok: ["cache_read", 6],
  cache_write_mtok: ["cache_write", 6],
  cache_write_1h_mtok: ["cache_write_1h", 6],
  input_audio_mtok: ["input_audio", 6],
  cache_audio_read_mtok: ["cache_read_audio", 6],
  input_image_mtok: ["input_image", 6],
  input_video_mtok: ["input_video", 6],
  output_mtok: ["output", 6],
  output_reasoning_mtok: ["reasoning", 6],
  output_audio_mtok: ["output_audio", 6],
  output_image_mtok: ["output_image", 6],
  web_searches_kcount: ["web_search", 3],
  storage_searches_kcount: ["file_search", 3],
  requests_kcount: ["request", 3],
};

/** The day before every other: prices without a date hold from here on. */
export const beginning = "1970-01-01";

/** A model's prices in one band from one day on. */
interface BandQuote {
  readonly from: string;
  readonly contextFrom: number;
  readonly prices: Partial<Record<PriceComponent, string | null>>;
}

/** A model's prices as quotes, and what of them the catalogue has no component for. */
export interface ModelQuotes {
  readonly quotes: readonly BandQuote[];
  readonly left: readonly string[];
}

/**
 * Turns the prices of a model of genai-prices into quotes.
 *
 * There a dated entry replaces the one before it whole, so a component that it no longer names ends
 * (`null`). A price that depends on the hour of the day can't be told from a day, so from that day on
 * its components have none.
 */
export function quotesOf({ prices }: ModelInfo): ModelQuotes {
  const entries: readonly ConditionalPrice[] = Array.isArray(prices) ? prices : [{ prices }];
  const days = new Map<string, Map<number, BandQuote["prices"]>>();
  const left = new Set<string>();
  let day = beginning;
  for (const { constraint, prices: entry } of entries) {
    for (const key of Object.keys(entry)) if (!(key in priceKeys)) left.add(key);
    if (constraint?.type === "time_of_date") {
      left.add("hours of the day");
      days.set(day, new Map([[0, ended(entry)]]));
      continue;
    }
    const before = days.get(day);
    day = constraint?.start_date ?? beginning;
    days.set(day, bandsOf(entry, before));
  }
  const quotes = [...days].flatMap(([from, bands]) =>
    [...bands].map(([contextFrom, band]) => ({ from, contextFrom, prices: band })),
  );
  return { quotes: quotes.filter((quote) => Object.keys(quote.prices).length > 0), left: [...left] };
}

function bandsOf(
  entry: ModelPrice,
  before: ReadonlyMap<number, BandQuote["prices"]> | undefined,
): Map<number, BandQuote["prices"]> {
  const bands = new Map<number, BandQuote["prices"]>([[0, {}]]);
  const set = (contextFrom: number, component: PriceComponent, price: string | null) =>
    bands.set(contextFrom, { ...bands.get(contextFrom), [component]: price });
  for (const [key, price] of Object.entries(entry)) {
    const known = priceKeys[key];
    if (!known || price === undefined) continue;
    const [component, perUnits] = known;
    if (typeof price === "number") {
      set(0, component, perUnit(price, perUnits));
      continue;
    }
    set(0, component, perUnit(price.base, perUnits));
    // A tier applies above its start, a band from its first token on.
    for (const tier of price.tiers) set(tier.start + 1, component, perUnit(tier.price, perUnits));
  }
  for (const component of before ? componentsOf(before) : []) {
    if (bands.get(0)?.[component] === undefined) set(0, component, null);
  }
  return bands;
}

function ended(entry: ModelPrice): BandQuote["prices"] {
  const components = Object.keys(entry).flatMap((key) => priceKeys[key]?.slice(0, 1) ?? []);
  return Object.fromEntries(components.map((component) => [component, null]));
}

function componentsOf(bands: ReadonlyMap<number, BandQuote["prices"]>): PriceComponent[] {
  return [...bands.values()].flatMap((band) => Object.keys(band) as PriceComponent[]);
}

/** The shortest decimal of a double is the number that stood in the source: no digit comes from binary. */
function perUnit(price: number, perUnits: number): string {
  const scaled = parsePrice(String(price), perUnits);
  if (scaled === undefined) throw new RangeError(`genai-prices holds a price that is no number: ${price}`);
  return formatPrice(scaled);
}
