import { createHash } from "node:crypto";
import type { PriceCard, PriceComponent, PricePoint } from "@tokenledger/clickhouse";
import { type BandPrices, priceComponents, standInFor, withStandIns } from "./components.ts";
import type { Variant } from "./price-list.ts";
import { isBase, type LayerRules, resolvePrice, standardTier } from "./resolve.ts";
import type { Resolved } from "./resolved.ts";

/** One model with everything the layers say about it, the strongest layer first. */
export interface PricedModel {
  readonly provider: string;
  readonly model: string;
  readonly rules: readonly LayerRules[];
}

/** What a model contributes to the catalogue: its cards, and the prices that each of them rests on. */
export interface ModelCards {
  readonly cards: PriceCard[];
  readonly points: PricePoint[];
}

interface Band {
  readonly contextFrom: number;
  readonly resolved: ReadonlyMap<PriceComponent, Resolved>;
  readonly own: BandPrices;
  readonly prices: BandPrices;
}

/** Makes the cards of a model: one per tier, region and start of validity, over all its context bands. */
export function cardsOf(priced: PricedModel): ModelCards {
  const cards: PriceCard[] = [];
  const points: PricePoint[] = [];
  for (const variant of variantsOf(priced.rules)) {
    let previous = "";
    for (const date of datesOf(priced.rules, variant)) {
      const bands = bandsOf(priced.rules, variant, date);
      const content = JSON.stringify(bands.map(({ contextFrom, prices }) => [contextFrom, textOf(prices)]));
      if (content === previous || (!previous && isEmpty(bands) && !isBase(variant))) continue;
      previous = content;
      const card = cardOf(priced, variant, date, bands);
      cards.push(card);
      points.push(...pointsOf(card, bands));
    }
  }
  return { cards, points };
}

/** `YYYY-MM-DD` as the start of that day in a `DateTime` column. */
const startOfDay = (date: string): string => `${date} 00:00:00`;

function variantsOf(rules: readonly LayerRules[]): Variant[] {
  const quotes = rules.flatMap((rule) => rule.quotes);
  const factors = rules.flatMap((rule) => rule.factors);
  const named = (kind: string) => factors.filter((factor) => factor.kind === kind).flatMap(({ values }) => values);
  const tiers = new Set([standardTier, ...quotes.map(({ serviceTier }) => serviceTier), ...named("service_tier")]);
  const regions = new Set(["", ...quotes.map(({ region }) => region), ...named("region")]);
  return [...regions].flatMap((region) => [...tiers].map((serviceTier) => ({ region, serviceTier })));
}

function datesOf(rules: readonly LayerRules[], variant: Variant): string[] {
  const quotes = rules
    .flatMap((rule) => rule.quotes)
    .filter(
      ({ region, serviceTier }) =>
        bears(region, variant.region, "") && bears(serviceTier, variant.serviceTier, standardTier),
    );
  const changes = rules.flatMap((rule) => [...rule.factors, ...rule.discounts]);
  return [...new Set([...quotes, ...changes].map(({ from }) => from))].sort();
}

const bears = (value: string, own: string, base: string): boolean => value === own || value === base;

const isEmpty = (bands: readonly Band[]): boolean => bands.every(({ resolved }) => resolved.size === 0);

function bandsOf(rules: readonly LayerRules[], variant: Variant, date: string): Band[] {
  const starts = new Set([0]);
  for (const { quotes } of rules) {
    for (const { from, contextFrom } of quotes) if (from <= date) starts.add(contextFrom);
  }
  const bands: Band[] = [];
  for (const contextFrom of [...starts].sort((one, other) => one - other)) {
    const resolved = new Map<PriceComponent, Resolved>();
    for (const component of priceComponents) {
      const price = resolvePrice(rules, component, variant, { date, input: contextFrom });
      if (price) resolved.set(component, price);
    }
    const own: BandPrices = Object.fromEntries([...resolved].map(([component, { price }]) => [component, price]));
    const band = { contextFrom, resolved, own, prices: withStandIns(own) };
    const before = bands.at(-1);
    if (!before || textOf(before.prices) !== textOf(band.prices)) bands.push(band);
  }
  return bands;
}

const textOf = (prices: BandPrices): string => priceComponents.map((component) => prices[component] ?? "").join();

function cardOf({ provider, model }: PricedModel, variant: Variant, date: string, bands: readonly Band[]): PriceCard {
  const head = { provider, model, region: variant.region, service_tier: variant.serviceTier };
  const validFrom = startOfDay(date);
  const contextFrom = bands.map((band) => band.contextFrom);
  const columns = priceComponents.map((component) => {
    const column = bands.map(({ prices }) => prices[component] ?? null);
    return [component, column] as const;
  });
  return {
    price_card_id: hashOf([head, validFrom, contextFrom, columns]),
    ...head,
    valid_from: validFrom,
    context_from: contextFrom,
    ...(Object.fromEntries(columns) as Record<PriceComponent, (string | null)[]>),
  };
}

/** Each price where it begins: a band that goes on with the one before it has no row of its own. */
function pointsOf(card: PriceCard, bands: readonly Band[]): PricePoint[] {
  const { price_card_id, provider, model, region, service_tier } = card;
  const head = { price_card_id, provider, model, region, service_tier };
  return priceComponents.flatMap((component) => {
    let before = "";
    return bands.flatMap((band) => {
      const said = wordOn(component, band);
      const text = JSON.stringify(said);
      const goesOn = text === before;
      before = text;
      return said && !goesOn ? [{ ...head, component, context_from: band.contextFrom, ...said }] : [];
    });
  });
}

type Word = Omit<
  PricePoint,
  "price_card_id" | "provider" | "model" | "region" | "service_tier" | "component" | "context_from"
>;

/** What a component costs in a band by its own right, and which components cost as much for want of a price. */
function wordOn(component: PriceComponent, { resolved, own }: Band): Word | undefined {
  const price = resolved.get(component);
  return (
    price && {
      stands_in_for: priceComponents.filter((other) => !resolved.has(other) && standInFor(other, own) === component),
      valid_from: startOfDay(price.from),
      price_usd: price.price,
      layer: price.layer,
      source: price.source,
      checked_on: price.checkedOn,
      confidence: price.confidence,
    }
  );
}

function hashOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest().readBigUInt64BE().toString();
}
