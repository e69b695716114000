import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { insertCsv, type UserTable, userTables } from "@tokenledger/clickhouse";
import { useLedger, withLedger, type LedgerOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { count } from "../output/numbers.ts";
import { print } from "../output/print.ts";
import { UsageError } from "../usage-error.ts";

const descriptions: Readonly<Record<UserTable["name"], string>> = {
  revenue: "what customers paid, for the margins of unit_economics",
  budgets: "what may be spent, for budget_status",
};

const explanations: Readonly<Record<UserTable["name"], string>> = {
  revenue: `
A CSV file, its first line naming the columns:
  customer_id,feature_name,starts_at,ends_at,revenue_usd,source
  acme,,2026-11-01,2026-12-01,499,plan
  acme,drafts,2026-11-03,2026-11-04,12.50,usage

Periods are half-open, in UTC; what they paid for is earned evenly. Without a
feature it is paid for everything. feature_name and source may be left out.

Then: tokenledger sql "SELECT * FROM unit_economics(from = '2026-11-01', to = '2026-12-01')"`,
  budgets: `
A CSV file, its first line naming the columns:
  scope,name,period,limit_usd,valid_from
  all,,month,5000,2026-11-01
  customer,acme,day,20,2026-11-01
  agent,researcher,week,300,2026-11-01

scope is all, customer, feature or agent; period is day, week, month, quarter or
year of the calendar, in UTC. A budget holds until a newer row of it; an empty
limit_usd ends it. valid_from may be left out.

Then: tokenledger sql "SELECT * FROM budget_status(at = now())"`,
};

/** `tokenledger import revenue|budgets FILE`: what no span knows. */
export function addTables(imports: Command): void {
  for (const table of userTables) {
    withLedger(imports.command(table.name))
      .description(descriptions[table.name])
      .argument("<file>", "CSV")
      .addHelpText("after", `${explanations[table.name]}\n\nImporting a row again corrects it.`)
      .action((path: string, options: LedgerOptions) => importTable(table, path, options));
  }
}

async function importTable(table: UserTable, path: string, options: LedgerOptions): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`${path} is no file`);
  const header = await firstLine(path);
  const rows = await useLedger(options, ({ target }) => insertCsv(target, table, header, () => createReadStream(path)));
  if (options.json === true) printJson({ table: table.name, rows });
  else print(`Imported ${count(rows)} ${rows === 1 ? "row" : "rows"} of ${table.name}`);
}

async function firstLine(path: string): Promise<string> {
  for await (const line of createInterface({ input: createReadStream(path) })) return line;
  return "";
}
