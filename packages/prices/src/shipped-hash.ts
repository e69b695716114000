import { catalogueHash } from "@tokenledger/clickhouse";
import { makeCatalogue } from "./catalogue.ts";

let computed: Promise<string> | undefined;

/**
 * The hash of the catalogue without prices of a user's own. From source it is computed from the rows,
 * once; the build replaces this module by the result (see `tsdown.config.ts`), so that nobody has to
 * make the rows to learn that they are in force.
 */
export function shippedHash(): Promise<string> {
  computed ??= makeCatalogue().then(catalogueHash);
  return computed;
}
