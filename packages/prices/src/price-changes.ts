import type { PriceCard, PriceCatalogue, PriceComponent } from "@tokenledger/clickhouse";
import { priceComponents } from "./components.ts";
import { formatPrice, parsePrice } from "./decimal.ts";

/** A price that two catalogues do not agree on. */
export interface PriceChange {
  readonly provider: string;
  readonly model: string;
  readonly region: string;
  readonly service_tier: string;
  readonly component: PriceComponent;
  /** Of requests with at least so many input tokens. */
  readonly context_from: number;
  /** USD per million; `null`: none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two catalogues for calls of a day (`YYYY-MM-DD`). */
export function priceChanges(before: PriceCatalogue, after: PriceCatalogue, day: string): PriceChange[] {
  const [old, fresh] = [cardsInForce(before, day), cardsInForce(after, day)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) => cardChanges(old.get(key), fresh.get(key)));
}

function cardsInForce({ cards }: PriceCatalogue, day: string): Map<string, PriceCard> {
  const inForce = new Map<string, PriceCard>();
  for (const card of cards) {
    const key = JSON.stringify([card.provider, card.model, card.region, card.service_tier]);
    const known = inForce.get(key);
    if (card.valid_from.slice(0, 10) <= day && (!known || known.valid_from < card.valid_from)) inForce.set(key, card);
  }
  return inForce;
}

function cardChanges(old: PriceCard | undefined, fresh: PriceCard | undefined): PriceChange[] {
  const card = fresh ?? old;
  if (!card || old?.price_card_id === fresh?.price_card_id) return [];
  const { provider, model, region, service_tier } = card;
  const starts = [...new Set([...(old?.context_from ?? []), ...(fresh?.context_from ?? [])])].sort((a, b) => a - b);
  return priceComponents.flatMap((component) => {
    let last = "";
    return starts.flatMap((context_from) => {
      const [before, after] = [priceAt(old, component, context_from), priceAt(fresh, component, context_from)];
      const goesOn = last === `${before} ${after}`;
      last = `${before} ${after}`;
      return before === after || goesOn
        ? []
        : [{ provider, model, region, service_tier, component, context_from, before, after }];
    });
  });
}

function priceAt(card: PriceCard | undefined, component: PriceComponent, input: number): string | null {
  const band = card?.context_from.findLastIndex((from) => from <= input) ?? -1;
  const price = card?.[component][band];
  return typeof price === "string" ? formatPrice((parsePrice(price) ?? 0n) * 1_000_000n) : null;
}
