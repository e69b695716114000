import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { usualHistory } from "../usual-history.ts";

/** How history would be cut, where a command asks what that saves. */
export interface HistoryOptions {
  turns: string;
  summary: string;
}

/** Adds how history would be cut. */
export function withHistory(command: Command): Command {
  return command
    .option("--turns <count>", "history that a prompt keeps, in calls; 0 cuts nothing", String(usualHistory.turns))
    .option(
      "--summary <tokens>",
      "length of the summary that replaces what is cut; 0: nothing does",
      String(usualHistory.summary_tokens),
    );
}

/** The same as the views take it. */
export const historyParameters = ({ turns, summary }: HistoryOptions): { turns: number; summary_tokens: number } => ({
  turns: countOf("--turns", turns),
  summary_tokens: countOf("--summary", summary),
});

function countOf(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option}: "${text}" is no count; write a whole number such as 20`);
}
