import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { migrate, publishPrices } from "@tokenledger/clickhouse";
import { offerCatalogue } from "@tokenledger/prices";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { note, print } from "../output/print.ts";

/** `tokenledger migrate`: brings a ledger to this version's schema and prices. */
export function addMigrate(program: Command): void {
  withLedger(program.command("migrate"))
    .description("bring a ledger to this version's schema and prices; safe to repeat")
    .addHelpText(
      "after",
      `
A local ledger is migrated by every command that opens it. A server of your own only by this one:
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger`,
    )
    .action(async (options: LedgerOptions) => {
      await useLedger(options, async ({ target }) => {
        const report = await migrate(target, { onProgress: note });
        const overrides = join(options.directory, "prices.json");
        const prices = await publishPrices(target, await offerCatalogue(existsSync(overrides) ? { overrides } : {}));
        if (options.json === true) printJson({ ...report, prices });
        else
          print(
            `The schema is up to date. Prices: version ${prices.version}${prices.changed ? ", newly published" : ""}.`,
          );
      });
    });
}
