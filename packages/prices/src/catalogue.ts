import type { PriceCatalogue, PricePoint } from "@tokenledger/clickhouse";
import anthropic from "./overlay/anthropic.json" with { type: "json" };
import deepseek from "./overlay/deepseek.json" with { type: "json" };
import google from "./overlay/google.json" with { type: "json" };
import openai from "./overlay/openai.json" with { type: "json" };
import xai from "./overlay/xai.json" with { type: "json" };
import { bundledPrices } from "./bundled.ts";
import { cardsOf } from "./cards.ts";
import { type CatalogueFiles, type CatalogueTexts, parseJson, readFiles } from "./catalogue-files.ts";
import { beginning } from "./genai/model-quotes.ts";
import { genaiPriceList } from "./genai/price-list.ts";
import { mergedNames, pricedModels, withResales, withReviews } from "./merge.ts";
import { withKnownModels } from "./own-spellings.ts";
import { readPriceList } from "./price-file.ts";
import type { PriceList } from "./price-list.ts";
import { readRefreshed } from "./refreshed.ts";

/**
 * The complete price list: the bundled or refreshed prices, the reviewed overlay and the user's own, merged.
 * The same input gives the same rows in the same order.
 *
 * @throws {PriceFileError} where a file can't be read or is wrong; it names every fault.
 */
export async function loadCatalogue(files: CatalogueFiles = {}): Promise<PriceCatalogue> {
  return makeCatalogue(await readFiles(files));
}

/** @throws {PriceFileError} where a file is wrong. */
export async function makeCatalogue(texts: CatalogueTexts = {}): Promise<PriceCatalogue> {
  return assemble(await priceLists(texts));
}

/** What every layer says, the weakest first. @throws {PriceFileError} where a file is wrong. */
export async function priceLists({ own, refreshed }: CatalogueTexts): Promise<PriceList[]> {
  const lists = [
    genaiPriceList(refreshed ? readRefreshed(refreshed) : await bundledPrices()),
    overlay("overlay/openai.json", openai),
    overlay("overlay/anthropic.json", anthropic),
    overlay("overlay/deepseek.json", deepseek),
    overlay("overlay/google.json", google),
    overlay("overlay/xai.json", xai),
  ];
  // Nobody has compared refreshed prices with anything: what was reviewed are the bundled ones.
  const shipped = refreshed ? lists.map((list) => ({ ...list, reviews: [] })) : lists;
  if (own === undefined) return shipped;
  return [...shipped, withKnownModels(readPriceList(own.path, parseJson(own), "user"), shipped)];
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
    points: made.flatMap(({ points }) => points.map((point) => withAge(point, staleBefore))),
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

/** What a user writes down is theirs to keep current. */
function withAge(point: PricePoint, staleBefore: string): PricePoint {
  const stale = point.layer !== "user" && point.confidence === "explicit" && point.checked_on < staleBefore;
  return stale ? { ...point, confidence: "stale" } : point;
}
