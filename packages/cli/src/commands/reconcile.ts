import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type LedgerTarget, queryView } from "@tokenledger/clickhouse";
import { useWindow, withWindow, type WindowOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { print } from "../output/print.ts";
import { messageOf } from "../output/text.ts";
import { readAnthropicCosts } from "../reconcile/anthropic-costs.ts";
import type { Bill } from "../reconcile/bill.ts";
import { compareBill, feeModel, type BilledDay } from "../reconcile/comparison.ts";
import { constantRatios } from "../reconcile/constant-ratio.ts";
import { readCsvBill } from "../reconcile/csv-bill.ts";
import { readOpenAiCosts } from "../reconcile/openai-costs.ts";
import { reconciliationText } from "../reconcile/reconciliation-text.ts";
import { viewRows } from "../rows.ts";
import { UsageError } from "../usage-error.ts";
import type { Window } from "../window.ts";

interface ReconcileOptions extends WindowOptions {
  provider?: string;
}

interface Source {
  readonly name: string;
  readonly description: string;
  readonly read: (file: string, text: string) => Bill;
  /** Whose calls are compared; empty: those of any, unless --provider says. */
  readonly provider: string;
  readonly help: string;
}

const sources: readonly Source[] = [
  {
    name: "openai",
    description: "OpenAI's costs, as its API for organizations exports them",
    read: readOpenAiCosts,
    provider: "openai",
    help: `curl -G https://api.openai.com/v1/organization/costs -d start_time=1793491200 -d limit=31 -d group_by=line_item \\
    -H "Authorization: Bearer $OPENAI_ADMIN_KEY" > costs.json
  tokenledger reconcile openai costs.json`,
  },
  {
    name: "anthropic",
    description: "Anthropic's cost report, as its API for organizations exports it",
    read: readAnthropicCosts,
    provider: "anthropic",
    help: `curl -G https://api.anthropic.com/v1/organizations/cost_report -d starting_at=2026-11-01T00:00:00Z -d 'group_by[]=description' \\
    -H "x-api-key: $ANTHROPIC_ADMIN_KEY" -H "anthropic-version: 2023-06-01" > costs.json
  tokenledger reconcile anthropic costs.json`,
  },
  {
    name: "csv",
    description: "any bill as CSV with the columns day, model and cost_usd",
    read: readCsvBill,
    provider: "",
    help: "tokenledger reconcile csv bill.csv --provider azure.ai.openai",
  },
];

/** `tokenledger reconcile SOURCE FILE`: the ledger against what a provider charged. */
export function addReconcile(program: Command): void {
  const command = program
    .command("reconcile")
    .description("compare the ledger with a provider's bill: differences per day and model, and what explains them");
  for (const source of sources) addSource(command, source);
}

function addSource(command: Command, source: Source): void {
  const subcommand = withWindow(command.command(source.name))
    .description(source.description)
    .argument("<file>", "the export; several pages as a list, or one a line");
  if (source.provider === "")
    subcommand.option("--provider <name>", "whose calls the bill is for; everybody's without it");
  subcommand
    .addHelpText(
      "after",
      `\nExample:\n  ${source.help}\n\nDays are UTC. Exit code 1 where a difference is not explained.`,
    )
    .action((file: string, options: ReconcileOptions) => reconcile(source, file, options));
}

async function reconcile(source: Source, file: string, options: ReconcileOptions): Promise<void> {
  const bill = source.read(file, textOf(file));
  await useWindow(options, async ({ reader }, window) => {
    const provider = options.provider ?? source.provider;
    const asked = within(bill, window);
    const known = await viewRows<BilledDay>(reader, "billed_day", window);
    const ledger = known.filter((row) => provider === "" || row.provider === provider);
    const names = await catalogueNames(reader, provider, asked, ledger);
    // No model is called by several words: OpenAI lists fees among the models.
    const days = compareBill(asked, ledger, (name) => names.get(name) ?? (name.includes(" ") ? feeModel : name));
    const ratios = constantRatios(days);
    if (options.json === true) printJson({ provider, days, ratios, notes: bill.notes });
    else print(reconciliationText({ provider, days, ratios, notes: bill.notes }));
    if (days.some((row) => row.difference_usd !== "0" && row.explained_by.length === 0)) process.exitCode = 1;
  });
}

/** The part of a bill whose days a window touches. */
function within(bill: Bill, window: Window): Bill {
  const [first, last] = [window.from, new Date(window.to.getTime() - 1)].map((at) => at.toISOString().slice(0, 10));
  const inside = (day: string): boolean => day >= (first ?? "") && day <= (last ?? "");
  return { ...bill, lines: bill.lines.filter(({ day }) => inside(day)), days: bill.days.filter(inside) };
}

/** What the catalogue calls the models of a bill: as the ledger's calls named them, else by its own spellings. */
async function catalogueNames(
  reader: LedgerTarget,
  provider: string,
  bill: Bill,
  ledger: readonly BilledDay[],
): Promise<Map<string, string>> {
  const seen = new Map(
    ledger.flatMap(({ billed_model, reported_models }) => reported_models.map((name) => [name, billed_model] as const)),
  );
  const asked = [...new Set(bill.lines.map(({ model }) => model))].filter((name) => name !== "" && !seen.has(name));
  for (const model of asked) {
    const question = { provider, model, service_tier: "standard", region: "", at: new Date() };
    // The view names its columns, and the cases of the view hold them to it.
    const [first] = (await queryView(reader, "price_explanation", question)) as { model: string }[];
    if (first !== undefined) seen.set(model, first.model);
  }
  return seen;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}`);
  }
}
