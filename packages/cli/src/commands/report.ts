import type { Command } from "commander";
import { useWindow, withWindow, type WindowOptions } from "../options.ts";
import { printReport } from "../report.ts";

/** `tokenledger report`: where the money went. */
export function addReport(program: Command): void {
  withWindow(program.command("report"))
    .description("where the money went: agents, steps, models, customers, caching, and what is unknown")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger report --since 24h
  tokenledger report --since 2026-11-01 --until 2026-12-01 --json`,
    )
    .action((options: WindowOptions) =>
      useWindow(options, ({ reader }, window) => printReport(reader, window, options)),
    );
}
