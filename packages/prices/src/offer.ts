import { createHash } from "node:crypto";
import type { CatalogueOffer } from "@tokenledger/clickhouse";
import manifest from "../package.json" with { type: "json" };
import { type CatalogueOptions, makeCatalogue, readOwnPrices } from "./catalogue.ts";
import { shippedHash } from "./shipped-hash.ts";

/**
 * The catalogue of {@link loadCatalogue} by its hash alone, for `publishPrices`: making its rows takes
 * most of a second, and mostly they are in force already.
 *
 * With prices of the user's own, the hash is that of what the rows are made from: the shipped ones, the
 * file, and the version of this package, which may read the file otherwise than the one before.
 *
 * @throws {PriceFileError} where the user's file can't be read. Where it is wrong, `load` throws it.
 */
export async function offerCatalogue({ overrides }: CatalogueOptions = {}): Promise<CatalogueOffer> {
  const shipped = await shippedHash();
  if (overrides === undefined) return { contentHash: shipped, load: () => makeCatalogue() };
  const own = await readOwnPrices(overrides);
  return {
    contentHash: createHash("sha256").update(`${manifest.version} ${shipped} ${own.text}`).digest("hex"),
    load: () => makeCatalogue(own),
  };
}
