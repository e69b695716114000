import type { Command } from "commander";
import { useWindow, withWindow, type WindowOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { count, usd } from "../../output/numbers.ts";
import { print } from "../../output/print.ts";
import { table, type Column } from "../../output/table.ts";
import { viewRows, type CatalogueUse } from "../../rows.ts";

/** `tokenledger prices catalogues`: the versions that calls are or can be priced with. */
export function addCatalogues(prices: Command): void {
  withWindow(prices.command("catalogues"))
    .description("the price catalogues of the ledger by version: which is in force, and what each has priced")
    .action(async (options: WindowOptions) => {
      const catalogues = await useWindow(options, ({ reader }, window) =>
        viewRows<CatalogueUse>(reader, "catalogue_use", window),
      );
      if (options.json === true) printJson({ catalogues });
      else print(table(catalogues, columns));
    });
}

const columns: Column<CatalogueUse>[] = [
  { heading: "version", show: (row) => String(row.price_version) },
  { heading: "published", show: (row) => new Date(row.price_version * 1000).toISOString().slice(0, 16) },
  { heading: "", show: (row) => (row.in_force ? "in force" : row.kind === "book" ? "a book" : "") },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  { heading: "cost", show: (row) => usd(row.known_cost_usd), align: "right" },
  { heading: "made of", show: (row) => row.sources.join(", "), width: 40 },
];
