import { createHash } from "node:crypto";
import type { CatalogueOffer } from "@tokenledger/clickhouse";
import manifest from "../package.json" with { type: "json" };
import { makeCatalogue } from "./catalogue.ts";
import { type CatalogueFiles, readFiles } from "./catalogue-files.ts";
import { shippedHash } from "./shipped-hash.ts";

/**
 * The catalogue of {@link loadCatalogue} by its hash alone, for `publishPrices`: making its rows takes
 * most of a second, and mostly they are in force already.
 *
 * With files of the user's, the hash is that of what the rows are made from: the shipped ones, the
 * files, and the version of this package, which may read them otherwise than the one before.
 *
 * @throws {PriceFileError} where a file can't be read. Where it is wrong, `load` throws it.
 */
export async function offerCatalogue(files: CatalogueFiles = {}): Promise<CatalogueOffer> {
  const shipped = await shippedHash();
  const texts = await readFiles(files);
  const load = () => makeCatalogue(texts);
  if (!texts.own && !texts.refreshed) return { contentHash: shipped, load };
  const madeFrom = [manifest.version, shipped, texts.refreshed?.text ?? "", texts.own?.text ?? ""];
  return { contentHash: createHash("sha256").update(JSON.stringify(madeFrom)).digest("hex"), load };
}
