import type { ModelName, PriceCard, PriceCatalogue, PriceComponent, PricePoint } from "../src/index.ts";
import { tokenClasses } from "@tokenledger/core";

const components: readonly PriceComponent[] = [
  ...tokenClasses.map(({ component }) => component as PriceComponent),
  "request",
];

/** USD per million tokens, one number per context band. */
type Prices = Partial<Record<PriceComponent, readonly (number | null)[]>>;

interface CardOptions {
  readonly tier?: string;
  readonly region?: string;
  readonly from?: string;
  readonly bands?: readonly number[];
}

let lastCard = 0;

function card(provider: string, model: string, prices: Prices, options: CardOptions = {}): PriceCard {
  const { tier = "standard", region = "", from = "2025-01-01 00:00:00", bands = [0] } = options;
  const perToken = (component: PriceComponent): (string | null)[] =>
    bands.map((_, index) => {
      const price = prices[component]?.[index];
      return price === undefined || price === null ? null : (price / 1e6).toFixed(15);
    });
  return {
    price_card_id: String(++lastCard),
    provider,
    model,
    region,
    service_tier: tier,
    valid_from: from,
    context_from: bands,
    ...(Object.fromEntries(components.map((name) => [name, perToken(name)])) as Record<
      PriceComponent,
      (string | null)[]
    >),
  };
}

const name = (provider: string, spelled: string, model: string, kind: ModelName["kind"] = "exact"): ModelName => ({
  provider,
  name: spelled,
  kind,
  model,
});

const opus: Prices = {
  input: [5],
  cache_read: [0.5],
  cache_write: [6.25],
  cache_write_5m: [6.25],
  cache_write_1h: [10],
  output: [25],
  reasoning: [25],
  web_search: [10_000],
};
const scaled = (prices: Prices, factor: number): Prices =>
  Object.fromEntries(Object.entries(prices).map(([key, bands]) => [key, bands.map((price) => (price ?? 0) * factor)]));

/** Documents and images of a card that prices them like text. */
const standsInFor = (component: PriceComponent, card: PriceCard): PriceComponent[] =>
  component === "input" && card.input_image[0] === card.input[0] ? ["input_image"] : [];

function pointsOf(card: PriceCard): PricePoint[] {
  const { price_card_id, provider, model, region, service_tier, valid_from } = card;
  const head = { price_card_id, provider, model, region, service_tier, valid_from };
  const said = { layer: "overlay", source: "https://example.com/prices", checked_on: "2026-05-01" } as const;
  return components.flatMap((component) =>
    card[component].flatMap((price_usd, band) =>
      price_usd === null || (component === "input_image" && price_usd === card.input[band])
        ? []
        : {
            ...head,
            ...said,
            component,
            context_from: card.context_from[band] ?? 0,
            stands_in_for: standsInFor(component, card),
            price_usd,
            confidence: model === "gpt-audio" ? "stale" : service_tier === "batch" ? "derived" : "explicit",
          },
    ),
  );
}

const cards: readonly PriceCard[] = [
  card("anthropic", "claude-opus-4-6", opus),
  card("anthropic", "claude-opus-4-6", scaled(opus, 1.1), { region: "us" }),
  card("anthropic", "claude-opus-4-6", scaled(opus, 0.5), { tier: "batch" }),
  card(
    "openai",
    "gpt-5.4",
    { input: [2.5, 5], cache_read: [0.25, 0.5], output: [15, 22.5], reasoning: [15, 22.5] },
    { bands: [0, 272_000] },
  ),
  card("openai", "o3", { input: [10], output: [40], reasoning: [40] }),
  card("openai", "o3", { input: [2], output: [8], reasoning: [8] }, { from: "2026-06-10 00:00:00" }),
  card("openai", "gpt-audio", {
    input: [2.5],
    cache_read: [1.25],
    input_audio: [32],
    cache_read_audio: [16],
    output: [10],
    output_audio: [64],
    reasoning: [10],
  }),
  card("openai", "text-embedding-3-small", { input: [0.02] }),
  card("openai", "gpt-4o-mini", { input: [0.15], cache_read: [0.075], input_image: [0.15], output: [0.6] }),
];

/** The prices that the tests and the cases of the views are written against. */
export const catalogue: PriceCatalogue = {
  sources: ["test"],
  points: cards.flatMap(pointsOf),
  cards,
  names: [
    name("anthropic", "claude-opus-4-6", "claude-opus-4-6"),
    name("openai", "gpt-5.4", "gpt-5.4"),
    name("openai", "o3", "o3"),
    name("openai", "gpt-audio", "gpt-audio"),
    name("openai", "text-embedding-3-small", "text-embedding-3-small"),
    name("openai", "gpt-4o", "o3", "prefix"),
    name("openai", "gpt-4o-mini", "gpt-4o-mini"),
  ],
};
