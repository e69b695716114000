import type { Command } from "commander";
import { useLedger, type LedgerOptions, withLedger } from "../options.ts";
import { printJson } from "../output/json.ts";
import { note, print } from "../output/print.ts";
import { type PagePort, servedPage, withPagePort } from "../page/served-page.ts";
import { untilStopped } from "./until-stopped.ts";

/** `tokenledger page`: the page over a ledger that runs elsewhere, or over the local one, until it is stopped. */
export function addPage(program: Command): void {
  withPagePort(withLedger(program.command("page")))
    .description("show the page over a ledger, on loopback: of a ClickHouse server, too")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger page
  tokenledger page --clickhouse http://reader:password@host:8123/tokenledger`,
    )
    .action((options: LedgerOptions & PagePort) =>
      useLedger(options, async ({ reader }) => {
        const page = await servedPage(reader, options);
        if (options.json === true) printJson({ page: page.url });
        else print(`\nThe page: ${page.url}\n\nIt listens on this machine only, and only reads. Ctrl-C stops it.`);
        await untilStopped();
        note("stopping …");
        await page.stop();
      }),
    );
}
