import type { Command } from "commander";
import { migrate, onCluster, publishPrices } from "@tokenledger/clickhouse";
import type { Ledger } from "@tokenledger/local";
import { offerCatalogue, priceFilesIn } from "@tokenledger/prices";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { note, print } from "../output/print.ts";

interface MigrateOptions extends LedgerOptions {
  cluster?: string;
}

/** `tokenledger migrate`: brings a ledger to this version's schema and prices. */
export function addMigrate(program: Command): void {
  withLedger(program.command("migrate"))
    .description("bring a ledger to this version's schema and prices; safe to repeat")
    .option("--cluster <name>", "make the ledger on all nodes of this cluster, as remote_servers names it")
    .addHelpText(
      "after",
      `
A local ledger is migrated by every command that opens it. A server of your own only by this one:
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger --cluster main
--cluster is for the first time: afterwards the ledger knows its cluster.`,
    )
    .action(async (options: MigrateOptions) => {
      const bring = async (ledger: Ledger): Promise<void> => {
        const target = await onCluster(ledger.target, options.cluster);
        const report = await migrate(target, { onProgress: note });
        const prices = await publishPrices(target, await offerCatalogue(priceFilesIn(options.directory)));
        if (options.json === true) printJson({ ...report, prices });
        else
          print(
            `The schema is up to date. Prices: version ${prices.version}${prices.changed ? ", newly published" : ""}.`,
          );
      };
      await useLedger(options, bring, { create: true });
    });
}
