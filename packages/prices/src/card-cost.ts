import type { PriceCard, PriceCatalogue, PriceComponent } from "@tokenledger/clickhouse";
import { formatPrice, parsePrice } from "./decimal.ts";
import { modelNamed } from "./model-named.ts";

/** A call as far as its price depends on it: the counts are disjoint, as in `llm_calls`. */
export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  readonly serviceTier?: string;
  readonly region?: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly counts: Readonly<Partial<Record<PriceComponent, number>>>;
}

/**
 * What a call costs by a catalogue, as an exact decimal in USD, by the rules that the ledger's SQL
 * follows: the reference that tests compare it with.
 *
 * @returns `undefined` where the model or any component that was used has no price.
 */
export function costOf(catalogue: PriceCatalogue, call: PricedCall): string | undefined {
  const card = cardFor(catalogue, call);
  if (!card) return undefined;
  const used = Object.entries(call.counts) as [PriceComponent, number][];
  const input = used.filter(([component]) => isInput(component)).reduce((total, [, count]) => total + count, 0);
  const band = card.context_from.findLastIndex((from) => from <= input);
  let cost = 0n;
  for (const [component, count] of [...used, ["request", 1] as const]) {
    const price = card[component][band];
    if (typeof price === "string") cost += BigInt(count) * (parsePrice(price) ?? 0n);
    else if (count > 0 && component !== "request") return undefined;
  }
  return formatPrice(cost);
}

function cardFor(catalogue: PriceCatalogue, call: PricedCall): PriceCard | undefined {
  const { provider, serviceTier = "standard", region = "", date } = call;
  const model = modelNamed(catalogue.names, provider, call.model);
  const cards = catalogue.cards.filter(
    (card) =>
      card.provider === provider &&
      card.model === model &&
      card.service_tier === serviceTier &&
      card.valid_from <= `${date} 00:00:00`,
  );
  const nearest = cards.some((card) => card.region === region) ? region : "";
  return cards
    .filter((card) => card.region === nearest)
    .sort((one, other) => one.valid_from.localeCompare(other.valid_from))
    .at(-1);
}

const isInput = (component: PriceComponent): boolean => component.startsWith("input") || component.startsWith("cache");
