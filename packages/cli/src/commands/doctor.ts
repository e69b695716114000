import type { Command } from "commander";
import { lookAtCollector, lookAtCollectorOf } from "../doctor/collector.ts";
import { lookAtLedger } from "../doctor/ledger.ts";
import { lookAtMachine } from "../doctor/machine.ts";
import { latestRejections, lookAtNotices, lookAtReceiver } from "../doctor/notices.ts";
import { lookAtSdks } from "../doctor/sdks.ts";
import { findingLine } from "../doctor/finding-line.ts";
import { withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { print } from "../output/print.ts";

/** `tokenledger doctor`: why a number is missing, zero or wrong. */
export function addDoctor(program: Command): void {
  withLedger(program.command("doctor"))
    .option("--collector <url>", "also look at a collector of your own, by the address of its own metrics")
    .description("find what keeps calls out of the ledger: versions, hooks, jobs, prices, losses, rejections")
    .addHelpText(
      "after",
      "\nRun it in your app's folder, so that it sees the SDKs the app loads.\nExit code 1 where something does not work.",
    )
    .action(async (options: LedgerOptions & { collector?: string }) => {
      const findings = [
        ...(await lookAtMachine(options.directory)),
        ...lookAtSdks(process.cwd()),
        ...(await lookAtLedger(options)),
        ...lookAtReceiver(options.directory),
        ...lookAtCollector(options.directory),
        ...(options.collector === undefined ? [] : await lookAtCollectorOf(options.collector)),
        ...lookAtNotices(options.directory),
      ];
      if (options.json === true) printJson({ findings, rejections: latestRejections(options.directory) });
      else for (const finding of findings) print(findingLine(finding));
      if (findings.some(({ level }) => level === "problem")) process.exitCode = 1;
    });
}
