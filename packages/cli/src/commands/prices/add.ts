import type { Command } from "commander";
import { withLedger, type LedgerOptions } from "../../options.ts";
import { amountsOf, countsOf } from "./amounts.ts";
import { addOwnRow } from "./own-file.ts";

/** What every added row may say beside itself. */
interface RowOptions extends LedgerOptions {
  provider: string;
  from?: string;
  source?: string;
}

interface PriceOptions extends RowOptions {
  million?: string[];
  each?: string[];
  tier?: string;
  region?: string;
  over?: string;
}

interface DiscountOptions extends RowOptions {
  factor: string;
  component?: string[];
}

interface GpuOptions extends RowOptions {
  usdPerHour: string;
  tokensPerHour: string[];
}

/** `tokenledger prices add …`: what models cost you, in `prices.json`, in force at once. */
export function addAdd(prices: Command): void {
  const add = prices
    .command("add")
    .description("what models cost you: a price, a discount, a name for a deployment, a GPU of your own")
    .addHelpText("after", fileHelp);
  addPrice(add);
  addDiscount(add);
  addName(add);
  addGpu(add);
}

const fileHelp = `
Rows go to prices.json in the ledger's directory, which you may edit by hand as well; one with a mistake changes
nothing. They hold for calls that come in from now on; tokenledger reprice applies them to earlier ones.`;

function addPrice(add: Command): void {
  rowCommand(add, "price")
    .description("a price of a model, which wins over the catalogue's")
    .argument("<model>", "as the catalogue calls it, or one of your own")
    .option("--million <component=usd...>", "USD per million tokens: input=2.10 cache_read=0.21 output=12.60")
    .option("--each <component=usd...>", "USD for one: web_search=0.01 request=0.0001")
    .option("--tier <name>", "only this service tier; standard without it, which the others follow")
    .option("--region <name>", "only this region")
    .option("--over <tokens>", "only requests with more input tokens than this")
    .addHelpText(
      "after",
      `\nExample:\n  tokenledger prices add price gpt-5.4 --provider openai --million input=2.10 output=12.60 --from 2026-10-01${fileHelp}`,
    )
    .action((model: string, options: PriceOptions) =>
      addOwnRow(options, "prices", {
        provider: options.provider,
        model,
        ...common(options),
        ...(options.tier !== undefined && { service_tier: options.tier }),
        ...(options.region !== undefined && { region: options.region }),
        ...(options.over !== undefined && { input_tokens_over: Number(options.over) }),
        ...(options.million && { usd_per_million_tokens: amountsOf("--million", options.million) }),
        ...(options.each && { usd_each: amountsOf("--each", options.each) }),
      }),
    );
}

function addDiscount(add: Command): void {
  rowCommand(add, "discount")
    .description("a negotiated discount: list prices times a factor")
    .argument("<models...>", "as the catalogue calls them; * for any run of letters")
    .requiredOption("--factor <number>", "0.85 is 15 % off; 1 ends an earlier discount")
    .option("--component <names...>", "only these: input cache_read output …; everything without it")
    .addHelpText(
      "after",
      `\nExample:\n  tokenledger prices add discount 'claude-*' --provider anthropic --factor 0.85 --from 2026-10-01 --source "contract 117"${fileHelp}`,
    )
    .action((models: string[], options: DiscountOptions) =>
      addOwnRow(options, "discounts", {
        provider: options.provider,
        models,
        ...common(options),
        factor: options.factor,
        ...(options.component && { components: options.component }),
      }),
    );
}

function addName(add: Command): void {
  withLedger(add.command("name"))
    .description("another name of a model: a Bedrock ARN, an Azure deployment, a gateway's alias")
    .argument("<name>", "as spans call it")
    .requiredOption("--provider <name>", "as spans call it: aws.bedrock, azure.ai.openai, …")
    .requiredOption("--model <name>", "the model behind it, by any name that the catalogue knows")
    .option("--prefix", "names that begin like this, too")
    .addHelpText(
      "after",
      `\nExamples:
  tokenledger prices add name arn:aws:bedrock:eu-west-1:1:application-inference-profile/x7 --provider aws.bedrock --model eu.anthropic.claude-sonnet-4-5-20250929-v1:0
  tokenledger prices add name support-chat-prod --provider azure.ai.openai --model gpt-5.4-mini${fileHelp}`,
    )
    .action((name: string, options: LedgerOptions & { provider: string; model: string; prefix?: boolean }) =>
      addOwnRow(options, "names", {
        provider: options.provider,
        model: options.model,
        [options.prefix === true ? "prefix" : "exact"]: [name],
      }),
    );
}

function addGpu(add: Command): void {
  rowCommand(add, "gpu")
    .description("a model that you host, priced by the hour of a GPU and the tokens that it handles in one")
    .argument("<model>", "as spans call it")
    .requiredOption("--usd-per-hour <usd>", "what one GPU costs in an hour")
    .requiredOption(
      "--tokens-per-hour <component=count...>",
      "what one GPU handles in an hour, idle time included: input=30000000 output=2500000",
    )
    .addHelpText(
      "after",
      `\nExample:\n  tokenledger prices add gpu qwen3-32b --provider vllm --usd-per-hour 2.99 --tokens-per-hour input=30000000 output=2500000${fileHelp}`,
    )
    .action((model: string, options: GpuOptions) =>
      addOwnRow(options, "prices", {
        provider: options.provider,
        model,
        ...common(options),
        usd_per_gpu_hour: options.usdPerHour,
        tokens_per_gpu_hour: countsOf("--tokens-per-hour", options.tokensPerHour),
      }),
    );
}

const rowCommand = (add: Command, name: string): Command =>
  withLedger(add.command(name))
    .requiredOption("--provider <name>", "as spans call it: openai, anthropic, aws.bedrock, …")
    .option("--from <day>", "from this day on, UTC; since ever without it")
    .option("--source <text>", "where it comes from: a contract, an invoice");

const common = ({ from, source }: RowOptions): Record<string, string> => ({
  ...(from !== undefined && { from }),
  ...(source !== undefined && { source }),
});
