import type { Command } from "commander";
import { queryView } from "@tokenledger/clickhouse";
import { useLedger, withLedger, type LedgerOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { note, print } from "../../output/print.ts";
import { dim, heading } from "../../output/style.ts";
import { table, type Column } from "../../output/table.ts";
import { plain } from "../../output/text.ts";
import { parseInstant } from "../../window.ts";

interface PricesOptions extends LedgerOptions {
  at?: string;
  provider?: string;
}

interface PriceRow {
  provider: string;
  model: string;
  region: string;
  service_tier: string;
  component: string;
  context_from: string;
  usd_per_million: string;
  valid_from: string;
  layer: string;
  source: string;
  checked_on: string;
  confidence: string;
}

const longest = 60;

/** `tokenledger prices show MODEL`: what a model costs, from where, and since when. */
export function addShow(prices: Command): void {
  withLedger(prices.command("show", { isDefault: true }))
    .description("the prices in force: per model, tier and component, with their sources; `show` may be left out")
    .argument("<model>", "part of a model's name")
    .option("--at <time>", "as they were at this time; now without it")
    .option("--provider <name>", "openai, anthropic, …")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger prices opus-4-6
  tokenledger prices o3 --at 2025-06-01`,
    )
    .action(showPrices);
}

async function showPrices(model: string, options: PricesOptions): Promise<void> {
  const at = parseInstant("--at", options.at);
  const found = await useLedger(
    options,
    async ({ reader }) => (await queryView(reader, "price_list", { model, at })) as unknown as PriceRow[],
  );
  const prices = found.filter(({ provider }) => options.provider === undefined || provider === options.provider);
  if (options.json === true) printJson({ at, prices });
  else if (prices.length === 0)
    note(
      `no model with "${model}" in its name has a price; its calls are counted as unpriced, never as $0; tokenledger prices explain ${plain(model)} looks for others`,
    );
  else {
    for (const [model, rows] of Map.groupBy(prices.slice(0, longest), (row) => `${row.provider} ${row.model}`)) {
      print(heading(plain(model)));
      print(table(rows, columns));
    }
    if (prices.length > longest)
      print(dim(`… and ${prices.length - longest} more: name the model more exactly, or use --provider`));
  }
  if (prices.length === 0) process.exitCode = 1;
}

const columns: Column<PriceRow>[] = [
  { heading: "tier", show: (row) => `${row.service_tier}${row.region === "" ? "" : ` ${row.region}`}`, width: 14 },
  { heading: "component", show: (row) => row.component, width: 18 },
  { heading: "over", show: (row) => (row.context_from === "0" ? "" : row.context_from), align: "right" },
  { heading: "$/million", show: (row) => row.usd_per_million, align: "right" },
  { heading: "since", show: (row) => row.valid_from.slice(0, 10) },
  { heading: "source", show: source, width: 18 },
];

function source({ layer, confidence }: PriceRow): string {
  return confidence === "explicit" ? layer : `${layer}, ${confidence}`;
}
