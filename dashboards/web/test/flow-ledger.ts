import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { atLeast, sumUsd } from "../src/data/money.ts";
import { slowestAnswerMs } from "./browser.ts";
import type { PageLedger } from "./page-ledger.ts";

/** Sessions of real users. */
const sessions = fileURLToPath(new URL("../../../../shared/data/traces/claude-code", import.meta.url));

/** Puts the sample program's calls and, where they are at hand, sessions of real users into the ledger. */
export async function fill(ledger: PageLedger): Promise<void> {
  await ledger.runSample();
  if (existsSync(sessions)) await ledger.command("import", "claude-code", sessions);
  else console.log(`skipped: recorded Claude Code sessions are not at ${sessions}`);
  await ledger.rest();
}

/** A row of any view, as far as tests read it: names, money and large counts are text. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The exact sum of a column of money. */
export const sum = (rows: readonly Row[], column: string): string =>
  sumUsd(rows.map((row) => String(row[column] ?? "0")));

/** The sum of a column as the page shows it, where other columns count what is not known of it. */
export const shownSum = (rows: readonly Row[], column: string, ...unknown: readonly string[]): string =>
  atLeast(
    sum(rows, column),
    rows.some((row) => unknown.some((one) => Number(row[one] ?? 0) > 0)),
  );

/** What a figure of the page says. @throws Error with what the page says in its place */
export async function figure(page: Page, name: string): Promise<string> {
  try {
    return await page.locator(`[data-figure="${name}"]`).first().innerText({ timeout: slowestAnswerMs });
  } catch (error) {
    const said = await page.locator("main .panel, main .notice").allInnerTexts();
    throw new Error(`no figure "${name}" on ${page.url()}:\n${said.join("\n---\n")}`, { cause: error });
  }
}

/** The text of all cells of a table, row by row. */
export const cells = async (page: Page, label: string): Promise<string[][]> => {
  const rows = page.getByRole("table", { name: label, exact: true }).locator("tbody tr:not([aria-hidden])");
  return Promise.all((await rows.all()).map((row) => row.locator("td").allInnerTexts()));
};
