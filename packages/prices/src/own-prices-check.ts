import { type CatalogueTexts } from "./catalogue-files.ts";
import { priceLists } from "./catalogue.ts";
import { covers, type PriceList } from "./price-list.ts";

/** What a user's price file says, and what of it can't mean what it says. */
export interface OwnPricesReport {
  readonly prices: number;
  readonly discounts: number;
  readonly names: number;
  /** Rows that change no price: one line each. */
  readonly idle: readonly string[];
}

/** @throws {PriceFileError} where a file is wrong. */
export async function checkOwnPrices(texts: CatalogueTexts): Promise<OwnPricesReport> {
  const lists = await priceLists(texts);
  const own = lists.find(({ layer }) => layer === "user");
  if (!own) return { prices: 0, discounts: 0, names: 0, idle: [] };
  const mapped = own.names.filter(({ name, model }) => name !== model.toLowerCase());
  return {
    prices: own.quotes.length,
    discounts: own.discounts.length,
    names: mapped.length,
    idle: idleRows(own, lists, mapped),
  };
}

function idleRows(own: PriceList, lists: readonly PriceList[], mapped: PriceList["names"]): string[] {
  const quotes = lists.flatMap((list) => list.quotes);
  const listed = lists.filter((list) => list !== own).flatMap((list) => list.quotes);
  const priced = new Set(quotes.map(({ provider, model }) => `${provider} ${model}`));
  return [
    ...own.discounts
      .filter((discount) => !listed.some(({ provider, model }) => covers(discount, provider, model)))
      .map(({ provider, models }) => `discounts: no list price of ${provider} is for ${models.join(", ")}`),
    ...mapped
      .filter(({ provider, model }) => !priced.has(`${provider} ${model}`))
      .map(({ provider, name, model }) => `names: ${name} is to be ${model} of ${provider}, which has no price`),
  ];
}
