import { readFile } from "node:fs/promises";
import type { PriceCatalogue, PricePoint } from "@tokenledger/clickhouse";
import anthropic from "./overlay/anthropic.json" with { type: "json" };
import openai from "./overlay/openai.json" with { type: "json" };
import { bundledPrices } from "./bundled.ts";
import { cardsOf, startOfDay } from "./cards.ts";
import { beginning } from "./genai/model-quotes.ts";
import { genaiPriceList } from "./genai/price-list.ts";
import { mergedNames, pricedModels, withResales, withReviews } from "./merge.ts";
import { readPriceList } from "./price-file.ts";
import { PriceFileError } from "./price-file-reader.ts";
import type { PriceList, Quote } from "./price-list.ts";

export interface CatalogueOptions {
  /** Path of a price file whose prices win over all others. */
  readonly overrides?: string;
}

/**
 * The complete price list: the bundled prices, the reviewed overlay and the user's own, merged.
 * The same input gives the same rows in the same order.
 *
 * @throws {PriceFileError} where the user's file can't be read or is wrong; it names every fault.
 */
export async function loadCatalogue({ overrides }: CatalogueOptions = {}): Promise<PriceCatalogue> {
  return makeCatalogue(overrides === undefined ? undefined : await readOwnPrices(overrides));
}

/** The user's price file as it was at one moment. */
export interface OwnPrices {
  readonly path: string;
  readonly text: string;
}

/** @throws {PriceFileError} where the file can't be read. */
export async function readOwnPrices(path: string): Promise<OwnPrices> {
  return {
    path,
    text: await readFile(path, "utf8").catch((error: unknown) => Promise.reject(unreadable(path, error))),
  };
}

/** @throws {PriceFileError} where the user's file is wrong. */
export async function makeCatalogue(ownPrices?: OwnPrices): Promise<PriceCatalogue> {
  const shipped = [
    genaiPriceList(await bundledPrices()),
    overlay("overlay/openai.json", openai),
    overlay("overlay/anthropic.json", anthropic),
  ];
  if (ownPrices === undefined) return assemble(shipped);
  const own = readPriceList(ownPrices.path, parseJson(ownPrices), "user");
  refuseSpellings(own, shipped);
  return assemble([...shipped, own]);
}

function overlay(file: string, content: unknown): PriceList {
  const list = readPriceList(file, content, "overlay");
  return { ...list, description: `${file} of ${newestCheck([list])}` };
}

/** Merges price lists, the weakest first, into a catalogue. */
export function assemble(lists: readonly PriceList[]): PriceCatalogue {
  const merged = withResales(withReviews(lists));
  const made = pricedModels(merged).map(cardsOf);
  const staleBefore = daysBefore(newestCheck(lists.filter(({ layer }) => layer !== "user")), staleAfterDays);
  return {
    sources: lists.map(({ description }) => description),
    points: [
      ...merged.flatMap(({ layer, quotes }) => quotes.flatMap((quote) => pointsOf(quote, layer, staleBefore))),
      ...made.flatMap(({ derived }) => derived),
    ],
    cards: made.flatMap(({ cards }) => cards),
    names: mergedNames(merged),
  };
}

/** A price that nobody has compared with its source for so long, when the catalogue was made, is stale. */
const staleAfterDays = 180;

function newestCheck(lists: readonly PriceList[]): string {
  return lists
    .flatMap(({ quotes }) => quotes)
    .reduce((newest, { checkedOn }) => (checkedOn > newest ? checkedOn : newest), beginning);
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

function pointsOf(quote: Quote, layer: PriceList["layer"], staleBefore: string): PricePoint[] {
  const stale = layer !== "user" && quote.confidence === "explicit" && quote.checkedOn < staleBefore;
  return Object.entries(quote.prices).flatMap(([component, price]) =>
    price === null || price === undefined
      ? []
      : {
          provider: quote.provider,
          model: quote.model,
          region: quote.region,
          service_tier: quote.serviceTier,
          component: component as PricePoint["component"],
          context_from: quote.contextFrom,
          valid_from: startOfDay(quote.from),
          price_usd: price,
          layer,
          source: quote.source,
          checked_on: quote.checkedOn,
          confidence: stale ? "stale" : quote.confidence,
        },
  );
}

function parseJson({ path, text }: OwnPrices): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): PriceFileError {
  return new PriceFileError(path, [`can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`]);
}

/** A price for one of a model's spellings would make it a model of its own without other prices. */
function refuseSpellings(own: PriceList, shipped: readonly PriceList[]): void {
  const models = new Set(shipped.flatMap(({ quotes }) => quotes.map(({ provider, model }) => `${provider} ${model}`)));
  const spellings = new Map(
    mergedNames(shipped)
      .filter(({ kind }) => kind === "exact")
      .map(({ provider, name, model }) => [`${provider} ${name}`, model]),
  );
  const problems = own.quotes.flatMap(({ provider, model }, index) => {
    const known = spellings.get(`${provider} ${model.toLowerCase()}`);
    const taken = known !== undefined && known !== model && !models.has(`${provider} ${model}`);
    return taken ? [`prices[${index}].model: ${model} is a spelling of ${known}; write ${known}`] : [];
  });
  if (problems.length > 0) throw new PriceFileError(own.description, problems);
}
