import type { PriceComponent } from "@tokenledger/clickhouse";
import { feeComponents, priceComponents } from "./components.ts";
import { divideDecimals, formatPrice, parsePrice } from "./decimal.ts";
import type { ObjectReader } from "./price-file-reader.ts";
import type { Quote } from "./price-list.ts";

const million = 6;
const largestPrice = parsePrice("1000") ?? 0n;

/** The fields of a price that say how much. */
export const amountFields: readonly string[] = [
  "usd_per_million_tokens",
  "usd_each",
  "usd_per_gpu_hour",
  "tokens_per_gpu_hour",
];

/** What each component costs: as a list price, as a fee, or as the time of a GPU that handles so many tokens in an hour. */
export function readAmounts(row: ObjectReader): Quote["prices"] {
  if (!amountFields.some((field) => row.has(field)))
    row.fault("usd_per_million_tokens", "is missing, and so are usd_each and usd_per_gpu_hour");
  return {
    ...readPrices(row, "usd_per_million_tokens", million),
    ...readPrices(row, "usd_each", 0),
    ...readGpuPrices(row),
  };
}

/**
 * Reads a price or a factor exactly, as a decimal; what it is a price of so many of is a power of ten.
 * Notes a fault where it is none.
 */
export function readDecimal(row: ObjectReader, field: string, value: unknown, perUnits: number = 0): string {
  const text = typeof value === "number" ? String(value) : value;
  const scaled = typeof text === "string" ? parsePrice(text, perUnits) : undefined;
  if (scaled === undefined) row.fault(field, `must be a decimal number of at least 0, not ${JSON.stringify(value)}`);
  else if (scaled >= largestPrice) row.fault(field, "is more than 999 USD for a single unit");
  return formatPrice(scaled ?? 0n);
}

function readPrices(row: ObjectReader, field: string, perUnits: number): Quote["prices"] {
  const prices: Partial<Record<PriceComponent, string | null>> = {};
  for (const [component, value] of componentsIn(row, field, perUnits === 0)) {
    prices[component] = value === null ? null : readDecimal(row, `${field}.${component}`, value, perUnits);
  }
  return prices;
}

function readGpuPrices(row: ObjectReader): Quote["prices"] {
  const [hour, tokens] = ["usd_per_gpu_hour", "tokens_per_gpu_hour"] as const;
  if (row.has(hour) !== row.has(tokens)) row.fault(row.has(hour) ? tokens : hour, "is missing");
  if (!row.has(hour)) return {};
  const price = readDecimal(row, hour, row.raw(hour));
  const prices: Partial<Record<PriceComponent, string>> = {};
  for (const [component, value] of componentsIn(row, tokens, false)) {
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0)
      prices[component] = divideDecimals(price, String(value));
    else row.fault(`${tokens}.${component}`, "must be a whole number above 0");
  }
  return prices;
}

function componentsIn(row: ObjectReader, field: string, fees: boolean): [PriceComponent, unknown][] {
  const allowed = priceComponents.filter((component) => feeComponents.includes(component) === fees);
  return row.members(field).flatMap(([name, value]) => {
    const component = allowed.find((candidate) => candidate === name);
    if (!component) row.fault(`${field}.${name}`, `is not one of ${allowed.join(", ")}`);
    return component ? [[component, value] as [PriceComponent, unknown]] : [];
  });
}
