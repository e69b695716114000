import type { Command } from "commander";
import { resolve } from "node:path";
import { defaultDirectory, openLedger, type Ledger } from "@tokenledger/local";
import { statusLine } from "./output/progress.ts";
import { UsageError } from "./usage-error.ts";
import { parseWindow, type Window } from "./window.ts";

/** Options of every command about the local ledger. */
export interface LocalOptions {
  directory: string;
  json?: boolean;
}

/** Options of every command that reads or writes a ledger, local or not. */
export interface LedgerOptions extends LocalOptions {
  clickhouse?: string;
}

/** Options of commands that look at a range of time. */
export interface WindowOptions extends LedgerOptions {
  since?: string;
  until?: string;
}

/** Adds where the local ledger is. */
export function withDirectory(command: Command): Command {
  return command
    .option(
      "--directory <path>",
      "where the local ledger lives (TOKENLEDGER_HOME)",
      (path) => resolve(path),
      resolve(defaultDirectory()),
    )
    .option("--json", "print JSON for programs");
}

/** Adds where the ledger is: a local directory, or a ClickHouse server of your own. */
export function withLedger(command: Command): Command {
  return withDirectory(command).option(
    "--clickhouse <url>",
    "use this ClickHouse server instead: http://user:password@host:8123/database",
  );
}

/** Adds the range of time. */
export function withWindow(command: Command): Command {
  return withLedger(command)
    .option("--since <time>", "24h, 7d, 2026-11-01 or 2026-11-01T12:00Z; the beginning without it")
    .option("--until <time>", "end of the range, exclusive; now without it");
}

/** Opens the ledger, runs `use` on it and closes it again, whatever happens. Only `create` takes a server without one. */
export async function useLedger<Result>(
  options: LedgerOptions,
  use: (ledger: Ledger) => Promise<Result>,
  opening: { readonly create?: boolean } = {},
): Promise<Result> {
  const status = statusLine();
  const ledger = await openLedger({
    directory: options.directory,
    ...(options.clickhouse !== undefined && { url: options.clickhouse }),
    onProgress: status.show,
    ...opening,
  }).finally(status.end);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** {@link useLedger} for a range of time, which is understood before anything is opened. */
export async function useWindow<Result>(
  options: WindowOptions,
  use: (ledger: Ledger, window: Window) => Promise<Result>,
): Promise<Result> {
  const window = parseWindow(options.since, options.until);
  return useLedger(options, (ledger) => use(ledger, window));
}

/** A port that an option names; 0 for any free one. */
export function portOf(option: string, value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${option}: "${value}" is no port; write a number up to 65535`);
  return port;
}
