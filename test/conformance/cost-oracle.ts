import { readFileSync } from "node:fs";
import type { LedgerTarget, PriceComponent } from "@tokenledger/clickhouse";
import { loadCatalogue } from "@tokenledger/prices";
import { compare, type Comparison, type Section } from "./cost-comparison.ts";
import { explained, explanations } from "./cost-explanations.ts";
import { type CountedCall, type LedgerCost, priceInLedger } from "./cost-ledger.ts";

/** An interaction as another project normalises and prices it. */
interface OracleRow {
  readonly interaction_id: string;
  readonly provider: string;
  readonly model: string;
  readonly genai_prices_usage: Readonly<Record<string, number>>;
  /** `null`: the other project has no price for it. */
  readonly genai_prices_input_usd: string | null;
  readonly genai_prices_output_usd: string | null;
}

/** As the ledger calls them, where the other project does not. */
const providers: Readonly<Record<string, string>> = {
  "aws-bedrock": "aws.bedrock",
  "azure-openai": "azure.ai.openai",
  "google-gemini": "gcp.gemini",
  "google-vertex": "gcp.vertex_ai",
  mistral: "mistral_ai",
};

/** The day of the prices that the other project computed with. */
const pricedOn = "2026-08-20T12:00:00Z";

/** Prices the interactions of every provider, and judges those that no explanation covers. */
export async function priceOracle(target: LedgerTarget, file: string): Promise<Section[]> {
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: readonly OracleRow[] };
  const calls = rows.map(callOf);
  const costs = await priceInLedger(target, await loadCatalogue(), calls);
  const compared = rows.map((row) => ({ row, cost: costs.get(row.interaction_id) }));
  const isPriced = ({ row }: { readonly row: OracleRow }): boolean =>
    row.genai_prices_input_usd !== null || row.genai_prices_output_usd !== null;
  return [
    {
      title: "Another project's prices",
      judged: compared.filter(isPriced).map(({ row, cost }) => judge(row, cost)),
      left: countOf(
        compared.filter((one) => !isPriced(one)),
        ({ row, cost }) => `${row.provider} ${row.model} without a price there; here ${cost?.unpriced || "one"}`,
      ),
    },
  ];
}

function countOf<Row>(rows: readonly Row[], reason: (row: Row) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(rows, reason)].map(([why, those]) => [why, those.length]));
}

function judge(row: OracleRow, cost: LedgerCost | undefined): Comparison {
  const theirs = String(Number(row.genai_prices_input_usd) + Number(row.genai_prices_output_usd));
  const identity = { id: row.interaction_id, provider: row.provider, model: row.model };
  return explained(compare(identity, theirs, cost), explanations);
}

function callOf({ interaction_id, provider, model, genai_prices_usage: usage }: OracleRow): CountedCall {
  const of = (key: string): number => usage[key] ?? 0;
  const timed = of("cache_write_5m_tokens") + of("cache_write_1h_tokens");
  const classes: Partial<Record<PriceComponent, number>> = {
    cache_read: of("cache_read_tokens"),
    cache_write: of("cache_write_tokens") - timed,
    cache_write_5m: of("cache_write_5m_tokens"),
    cache_write_1h: of("cache_write_1h_tokens"),
    input_audio: of("input_audio_tokens"),
    // There, image tokens that were read from the cache are in both counts.
    input_image: of("input_image_tokens") - of("cache_image_read_tokens"),
    input_video: of("input_video_tokens"),
    input_tool_use: of("input_tool_tokens"),
  };
  const output = { reasoning: of("output_reasoning_tokens"), output_image: of("output_image_tokens") };
  const sum = (counts: object): number =>
    Object.values(counts).reduce<number>((total, count) => total + Number(count), 0);
  return {
    id: interaction_id,
    provider: providers[provider] ?? provider,
    model,
    startedAt: pricedOn,
    counts: {
      ...classes,
      ...output,
      input: of("input_tokens") - sum(classes),
      output: of("output_tokens") - sum(output),
      web_search: of("web_searches"),
    },
  };
}
