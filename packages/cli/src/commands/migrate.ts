import type { Command } from "commander";
import {
  backfill,
  type BackfillReport,
  explain,
  type LedgerTarget,
  migrate,
  onCluster,
  overLanding,
  publishPrices,
  settle,
} from "@tokenledger/clickhouse";
import type { Ledger } from "@tokenledger/local";
import { offerCatalogue, priceFilesIn } from "@tokenledger/prices";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { count } from "../output/numbers.ts";
import { note, print } from "../output/print.ts";
import { type ProgressBar, progressBar } from "../output/progress.ts";
import { UsageError } from "../usage-error.ts";

interface MigrateOptions extends LedgerOptions {
  cluster?: string;
  landing?: string;
}

/** `tokenledger migrate`: brings a ledger to this version's schema and prices. */
export function addMigrate(program: Command): void {
  withLedger(program.command("migrate"))
    .description("bring a ledger to this version's schema and prices; safe to repeat")
    .option("--cluster <name>", "make the ledger on all nodes of this cluster, as remote_servers names it")
    .option("--landing <table>", "read spans from this table of the server, database.table, instead of keeping them")
    .addHelpText(
      "after",
      `
A local ledger is migrated by every command that opens it. A server of your own only by this one:
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger --cluster main
--cluster is for the first time: afterwards the ledger knows its cluster.

Where the collector's ClickHouse exporter fills a table already, a ledger lies over it:
  tokenledger migrate --clickhouse http://user:password@host:8123/tokenledger --landing otel.otel_traces
That table is read and never changed. What it holds is read now, hour by hour, and goes on where it was when it is
interrupted and started again; what comes is taken up as it is inserted. Not on a cluster.`,
    )
    .action(async (options: MigrateOptions) => {
      if (options.landing !== undefined && options.clickhouse === undefined) {
        throw new UsageError("--landing names a table of a server: say which one with --clickhouse URL");
      }
      const bring = async (ledger: Ledger): Promise<void> => {
        const target = await overLanding(await onCluster(ledger.target, options.cluster), options.landing);
        const report = await migrate(target, { onProgress: note });
        const prices = await publishPrices(target, await offerCatalogue(priceFilesIn(options.directory)));
        const landing = await readLanding(target);
        if (options.json === true) return printJson({ ...report, prices, landing });
        print(
          `The schema is up to date. Prices: version ${prices.version}${prices.changed ? ", newly published" : ""}.`,
        );
        if (landing)
          print(`${count(landing.spans)} spans of ${landing.landing} were read; new ones follow by themselves.`);
      };
      await useLedger(options, bring, { create: true });
    });
}

/** Reads what the landing table held before, with the prices that were just published, and finds bills and causes. */
async function readLanding(target: LedgerTarget): Promise<BackfillReport | undefined> {
  let bar: ProgressBar | undefined;
  let shown = 0;
  const report = await backfill(target, {
    onProgress: (read, all) => {
      bar ??= progressBar("reading spans", all);
      bar.advance(read - shown);
      shown = read;
    },
  }).finally(() => bar?.end());
  if (report === undefined || report.spans === 0) return report;
  await settle(target);
  await explain(target);
  return report;
}
