import type { BundledPrices, BundledProvider } from "../bundled-shape.ts";
import type { PriceList, Quote } from "../price-list.ts";
import { standardTier } from "../resolve.ts";

/**
 * When genai-prices last compared a provider's prices with their source, as far as it says: the day
 * in the middle of its models, or the first of the month where only the month is known.
 */
const checkedOn: Readonly<Record<string, string>> = {
  anthropic: "2026-07-29",
  openai: "2025-11-13",
  "aws.bedrock": "2026-06-01",
  "azure.ai.openai": "2025-07-01",
  deepseek: "2026-06-01",
  "gcp.gemini": "2025-11-18",
  mistral_ai: "2025-08-01",
};
const unknownDay = "1970-01-01";

/** The bundled prices as the catalogue's first layer. */
export function genaiPriceList(bundled: BundledPrices): PriceList {
  const { origin } = bundled;
  const sold = bundled.providers.flatMap((entry) => entry.names.map((provider) => ({ provider, entry })));
  return {
    layer: "genai-prices",
    description: origin,
    quotes: sold.flatMap(({ provider, entry }) => quotesOf(provider, entry, origin)),
    names: sold.flatMap(({ provider, entry }) =>
      entry.spellings.map(([kind, name, model]) => ({ provider, name, kind, model })),
    ),
    resales: sold
      .filter(({ entry }) => entry.lenders.length > 0)
      .map(({ provider, entry }) => ({ provider, lenders: entry.lenders })),
    renamed: [],
    factors: [],
    ratios: [],
    discounts: [],
    reviews: [],
  };
}

function quotesOf(provider: string, { names, models, source }: BundledProvider, origin: string): Quote[] {
  const provenance = {
    source: source ? `${origin}, from ${source}` : origin,
    checkedOn: checkedOn[names[0] ?? ""] ?? unknownDay,
    confidence: "explicit" as const,
  };
  return models.flatMap(([model, quotes]) =>
    quotes.map(([from, contextFrom, prices]) => ({
      provider,
      model,
      region: "",
      serviceTier: standardTier,
      from,
      contextFrom,
      prices,
      ...provenance,
    })),
  );
}
