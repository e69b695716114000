import type { Command } from "commander";
import { defaultDirectory, openLedger, type Ledger } from "@tokenledger/local";
import { statusLine } from "./output/progress.ts";
import { parseWindow, type Window } from "./window.ts";

/** Options of every command that reads or writes a ledger. */
export interface LedgerOptions {
  directory: string;
  clickhouse?: string;
  json?: boolean;
}

/** Options of commands that look at a range of time. */
export interface WindowOptions extends LedgerOptions {
  since?: string;
  until?: string;
}

/** Adds where the ledger is: a local directory, or a ClickHouse server of your own. */
export function withLedger(command: Command): Command {
  return command
    .option("--directory <path>", "where the local ledger lives (TOKENLEDGER_HOME)", defaultDirectory())
    .option("--clickhouse <url>", "use this ClickHouse server instead: http://user:password@host:8123/database")
    .option("--json", "print JSON for programs");
}

/** Adds the range of time. */
export function withWindow(command: Command): Command {
  return withLedger(command)
    .option("--since <time>", "24h, 7d, 2026-11-01 or 2026-11-01T12:00Z; the beginning without it")
    .option("--until <time>", "end of the range, exclusive; now without it");
}

/** Opens the ledger, runs `use` on it and closes it again, whatever happens. */
export async function useLedger<Result>(
  options: LedgerOptions,
  use: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const status = statusLine();
  const ledger = await openLedger({
    directory: options.directory,
    ...(options.clickhouse !== undefined && { url: options.clickhouse }),
    onProgress: status.show,
  }).finally(status.end);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

export const windowOf = (options: WindowOptions): Window => parseWindow(options.since, options.until);
