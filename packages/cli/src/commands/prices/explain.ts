import type { Command } from "commander";
import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import { useLedger, withLedger, type LedgerOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { print } from "../../output/print.ts";
import { parseInstant } from "../../window.ts";
import { explanationText, unknownText, type ExplainedPrice, type SimilarModel } from "./explain-text.ts";

interface ExplainOptions extends LedgerOptions {
  at?: string;
  provider?: string;
  tier: string;
  region?: string;
}

/** `tokenledger prices explain MODEL`: which price a call would get, and how the catalogue comes to it. */
export function addExplain(prices: Command): void {
  withLedger(prices.command("explain"))
    .description("which price a call of a model gets: by which spelling, from which layer and source, since when")
    .argument("<model>", "its name, as programs or providers report it")
    .option("--at <time>", "for a call at this time; now without it")
    .option("--provider <name>", "openai, anthropic, aws.bedrock, …; all that know the name without it")
    .option("--tier <name>", "service tier: standard, batch, flex, priority, fast, …", "standard")
    .option("--region <name>", "where it runs, as far as that changes the price: us, eu, …")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger prices explain claude-opus-4-6-20260205 --provider anthropic
  tokenledger prices explain o3 --at 2025-06-01 --tier flex

Exit code 1 where nothing has a price.`,
    )
    .action(explainPrice);
}

async function explainPrice(model: string, options: ExplainOptions): Promise<void> {
  const { provider = "", tier, region = "" } = options;
  const at = parseInstant("--at", options.at);
  await useLedger(options, async ({ reader }) => {
    const prices = await rows<ExplainedPrice>(reader, "price_explanation", {
      provider,
      model,
      at,
      region: region.toLowerCase(),
      service_tier: tier.toLowerCase(),
    });
    const priced = prices.some(({ price_card_id }) => price_card_id !== "0");
    const similar = priced ? [] : await similarModels(reader, provider, model, prices);
    if (options.json === true) printJson({ model, at, priced, prices, similar });
    else if (prices.length > 0) print(explanationText(model, prices, similar));
    else print(unknownText(model, provider, similar));
    if (!priced) process.exitCode = 1;
  });
}

/** Where the model is known but not at this tier, its other tiers; else the names most like it. */
async function similarModels(
  reader: LedgerTarget,
  provider: string,
  model: string,
  known: readonly ExplainedPrice[],
): Promise<SimilarModel[]> {
  if (known.length === 0) return rows<SimilarModel>(reader, "similar_models", { provider, model });
  const [first] = known;
  const listed = await rows<{ provider: string; model: string; service_tier: string; region: string }>(
    reader,
    "price_list",
    { model: first?.model, at: new Date() },
  );
  const variants = listed
    .filter((row) => known.some((one) => one.provider === row.provider && one.model === row.model))
    .map(({ provider, model, service_tier, region }) => ({ provider, model, service_tier, region }));
  return [...new Map(variants.map((variant) => [JSON.stringify(variant), variant])).values()];
}

async function rows<Row>(reader: LedgerTarget, view: string, parameters: Record<string, unknown>): Promise<Row[]> {
  // The view names its columns, and the cases of the view hold them to it.
  return (await queryView(reader, view, parameters)) as Row[];
}
