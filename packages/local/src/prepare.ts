import { type LedgerTarget, migrate, publishPrices } from "@tokenledger/clickhouse";
import { offerCatalogue, priceFilesIn } from "@tokenledger/prices";

/** Brings a database to the newest schema and the catalogue's prices, with the user's own on top. */
export const prepare = async (
  target: LedgerTarget,
  directory: string,
  onProgress: (line: string) => void,
): Promise<void> => {
  await migrate(target, { onProgress });
  const { changed, version } = await publishPrices(target, await offerCatalogue(priceFilesIn(directory)));
  if (changed) onProgress(`Published prices, version ${version}`);
};
