import type { ModelName } from "@tokenledger/clickhouse";
import type { PricedModel } from "./cards.ts";
import { covers, type PriceList, type Quote, type Resale } from "./price-list.ts";
import { standardTier } from "./resolve.ts";

/** Gives the quotes that a stronger layer has reviewed that review's source and date. */
export function withReviews(lists: readonly PriceList[]): PriceList[] {
  return lists.map((list, index) => {
    const reviews = lists.slice(index + 1).flatMap((stronger) => stronger.reviews);
    const reviewed = (quote: Quote): Quote => {
      const review = reviews.find((candidate) => covers(candidate, quote.provider, quote.model));
      return review
        ? { ...quote, source: `${quote.source}; compared with ${review.source}`, checkedOn: review.checkedOn }
        : quote;
    };
    return reviews.length > 0 ? { ...list, quotes: list.quotes.map(reviewed) } : list;
  });
}

/**
 * Adds to each list what its providers resell: the lenders' standard prices and names, for the models
 * that the reseller has no prices of its own for. What a user pays one provider says nothing of
 * another, so the user's layer is not lent.
 */
export function withResales(lists: readonly PriceList[]): PriceList[] {
  const resales = lists.flatMap((list) => list.resales);
  const own: Own = {
    models: new Set(lists.flatMap(({ quotes }) => quotes.map(({ provider, model }) => keyOf(provider, model)))),
    names: Map.groupBy(
      lists.flatMap(({ names }) => names),
      ({ provider }) => provider,
    ),
  };
  return lists.map((list) => (list.layer === "user" ? list : lend(list, resales, own)));
}

/** What every provider prices and spells by itself. */
interface Own {
  readonly models: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, readonly ModelName[]>;
}

function lend(list: PriceList, resales: readonly Resale[], own: Own): PriceList {
  const extra = resales.flatMap(({ provider, lenders }) =>
    lenders.map((lender) => {
      const lent = <Row extends { readonly provider: string }>(rows: readonly Row[]): Row[] =>
        rows.filter((row) => row.provider === lender).map((row) => ({ ...row, provider }));
      const free = ({ model }: { readonly model: string }) => !own.models.has(keyOf(provider, model));
      const unknown = ({ name }: ModelName) => !(own.names.get(provider) ?? []).some((known) => takesIn(known, name));
      const quotes = lent(list.quotes).filter(
        (quote) => free(quote) && quote.region === "" && quote.serviceTier === standardTier,
      );
      return {
        quotes: quotes.map((quote) => ({
          ...quote,
          source: `list price of ${lender}: ${quote.source}`,
          confidence: "derived" as const,
        })),
        names: lent(list.names).filter((name) => free(name) && unknown(name)),
        renamed: lent(list.renamed).filter(free),
        ratios: lent(list.ratios),
      };
    }),
  );
  return {
    ...list,
    quotes: [...list.quotes, ...extra.flatMap(({ quotes }) => quotes)],
    names: [...list.names, ...extra.flatMap(({ names }) => names)],
    renamed: [...list.renamed, ...extra.flatMap(({ renamed }) => renamed)],
    ratios: [...list.ratios, ...extra.flatMap(({ ratios }) => ratios)],
  };
}

/** True where a name that starts like this one is already a reseller's own. */
const takesIn = (known: ModelName, name: string): boolean =>
  known.kind === "exact" ? known.name === name : name.startsWith(known.name);

/** Every spelling once: the strongest layer's, and within a layer the first. */
export function mergedNames(lists: readonly PriceList[]): ModelName[] {
  const merged = new Map<string, ModelName>();
  for (const [index, list] of [...lists.entries()].reverse()) {
    const replaced = new Set(
      lists.slice(index + 1).flatMap(({ renamed }) => renamed.map(({ provider, model }) => keyOf(provider, model))),
    );
    for (const name of list.names) {
      const key = JSON.stringify([name.provider, name.kind, name.name]);
      if (!replaced.has(keyOf(name.provider, name.model)) && !merged.has(key)) merged.set(key, name);
    }
  }
  return [...merged.values()];
}

/** Gathers by model what the layers say, the strongest first. */
export function pricedModels(lists: readonly PriceList[]): PricedModel[] {
  const strongestFirst = [...lists].reverse();
  const quotesByModel = strongestFirst.map(({ quotes }) =>
    Map.groupBy(quotes, ({ provider, model }) => keyOf(provider, model)),
  );
  const models = new Map(
    lists
      .flatMap(({ quotes, names }) => [...quotes, ...names])
      .map(({ provider, model }) => [keyOf(provider, model), { provider, model }]),
  );
  return [...models].map(([key, { provider, model }]) => ({
    provider,
    model,
    rules: strongestFirst
      .map(({ layer, factors, ratios, discounts }, index) => ({
        layer,
        quotes: quotesByModel[index]?.get(key) ?? [],
        factors: factors.filter((factor) => covers(factor, provider, model)),
        ratios: ratios.filter((ratio) => covers(ratio, provider, model)),
        discounts: discounts.filter((discount) => covers(discount, provider, model)),
      }))
      .filter((rule) => rule.quotes.length + rule.factors.length + rule.ratios.length + rule.discounts.length > 0),
  }));
}

const keyOf = (provider: string, model: string): string => JSON.stringify([provider, model]);
