import { Argument, type Command } from "commander";
import { listViews, queryView } from "@tokenledger/clickhouse";
import { printJson } from "../output/json.ts";
import { count, share, sumUsd, usd } from "../output/numbers.ts";
import { print } from "../output/print.ts";
import { dim, heading } from "../output/style.ts";
import { plain, wrapped } from "../output/text.ts";
import { useSelection, withSelection, type SelectionOptions } from "../selection.ts";
import { historyParameters, withHistory, type HistoryOptions } from "./history-options.ts";
import { savingsText, type Saving } from "./waste-text.ts";
import { alternativeTable, type Alternative } from "./whatif-text.ts";

/** What a question asks beside the selection. */
type Parameters = Readonly<Record<string, unknown>>;

/** `tokenledger whatif …`: what the recorded calls would have cost otherwise. */
export function addWhatIf(program: Command): void {
  const whatIf = program
    .command("whatif")
    .description("what the recorded calls would have cost otherwise, with what each answer assumes");
  const ask = (name: string, description: string): Command =>
    withSelection(whatIf.command(name)).description(description);

  ask("model", "on another model")
    .argument("<model>", "its name, as the price catalogue knows it; tokenledger prices lists them")
    .option("--provider <name>", "openai, anthropic, aws.bedrock, …; each call's own without it", "")
    .addHelpText("after", "\nExample:\n  tokenledger whatif model claude-haiku-4-5 --provider anthropic --since 7d")
    .action((model: string, options: SelectionOptions & { provider: string }) =>
      answer("what_if_model", options, { model, provider: options.provider }),
    );
  ask("cache", "without prompt caching, and with other times to live and breakpoints")
    .addHelpText("after", "\nExample:\n  tokenledger whatif cache --since 24h")
    .action((options: SelectionOptions) => answer("what_if_cache", options));
  ask("batch", "with calls that nobody waits for in batches").action((options: SelectionOptions) =>
    answer("what_if_batch", options),
  );
  ask("tier", "on another service tier")
    .addArgument(new Argument("<tier>", "service tier").choices(["standard", "batch", "flex", "priority", "fast"]))
    .action((tier: string, options: SelectionOptions) => answer("what_if_tier", options, { tier }));
  withHistory(ask("history", "with old history cut, or replaced by a summary"))
    .addHelpText("after", "\nExample:\n  tokenledger whatif history --turns 20 --summary 0")
    .action((options: SelectionOptions & HistoryOptions) =>
      answer("what_if_history", options, historyParameters(options)),
    );
  ask("dedupe", "with exact duplicates answered from memory").action((options: SelectionOptions) =>
    answer("what_if_dedupe", options),
  );
  ask("tools", "without definitions of tools that are never asked for").action((options: SelectionOptions) =>
    answer("what_if_tools", options),
  );
  withHistory(ask("savings", "all of these that save money, largest first, no dollar counted twice")).action(
    (options: SelectionOptions & HistoryOptions) => rankSavings(options),
  );
}

async function answer(view: string, options: SelectionOptions, asked: Parameters = {}): Promise<void> {
  await useSelection(options, async (target, { parameters, label }) => {
    const question = { ...parameters, ...asked };
    const rows = (await queryView(target, view, question)) as unknown as Alternative[];
    const description = listViews().find(({ name }) => name === view);
    if (options.json === true) printJson({ view, parameters: question, assumes: description?.assumes, rows });
    else print(answerText(`${description?.title ?? view} · ${label}`, rows, description?.assumes ?? ""));
  });
}

function answerText(title: string, rows: readonly Alternative[], assumes: string): string {
  if (rows.length === 0)
    return `${heading(plain(title))}\nNo calls to ask that of. tokenledger report says how to get some.`;
  return [
    heading(wrapped(plain(title))),
    alternativeTable(rows),
    total(rows),
    notes(rows),
    dim(wrapped(`Assumes: ${assumes}`)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The sum over rows that are no alternatives to each other. */
function total(rows: readonly Alternative[]): string {
  if (rows.some(({ plan }) => plan !== undefined)) return "";
  const cost = sumUsd(rows.map(({ known_cost_usd }) => known_cost_usd));
  const saved = sumUsd(rows.map(({ saved_usd }) => saved_usd));
  const verb = saved.startsWith("-") ? "would cost more by" : "saves";
  return `In all ${verb} ${usd(saved.replace("-", ""))} of ${usd(cost)} (${share(saved.replace("-", ""), cost)}).`;
}

/** What could not be compared: it must not look like nothing saved. */
function notes(rows: readonly Alternative[]): string {
  const plans = [...Map.groupBy(rows, ({ plan }) => plan ?? "").values()];
  const counted = (field: "unpriced_calls" | "unrecorded_calls"): number =>
    Math.max(...plans.map((ofPlan) => ofPlan.reduce((sum, row) => sum + Number(row[field] ?? 0), 0)));
  const [unpriced, unrecorded] = [counted("unpriced_calls"), counted("unrecorded_calls")];
  return [
    ...(unpriced === 0 ? [] : [`Without a price, now or then, and left as billed: ${count(unpriced)} of the calls.`]),
    ...(unrecorded === 0
      ? []
      : [`Without a record of their prompt, and left as billed: ${count(unrecorded)} of the calls.`]),
  ].join("\n");
}

async function rankSavings(options: SelectionOptions & HistoryOptions): Promise<void> {
  await useSelection(options, async (target, { parameters, label, total: spent }) => {
    const question = { ...parameters, ...historyParameters(options) };
    const rows = (await queryView(target, "savings", question)) as unknown as Saving[];
    if (options.json === true) printJson({ view: "savings", parameters: question, total: spent, rows });
    else
      print(
        `${heading(plain(`Savings · ${label}`))}\n${usd(spent.known_cost_usd)} spent\n${savingsText(rows, spent.known_cost_usd)}`,
      );
  });
}
