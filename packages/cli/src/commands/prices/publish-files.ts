import { onCluster, publishPrices, type PublishedCatalogue } from "@tokenledger/clickhouse";
import type { Ledger } from "@tokenledger/local";
import { offerCatalogue, priceFilesIn } from "@tokenledger/prices";

/** Puts the prices of this version and of the files in the directory in force, on every node. */
export async function publishFiles(ledger: Ledger, directory: string): Promise<PublishedCatalogue> {
  return publishPrices(await onCluster(ledger.target), await offerCatalogue(priceFilesIn(directory)));
}
