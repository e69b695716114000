import { readFileSync } from "node:fs";
import type { LedgerTarget, PriceComponent } from "@tokenledger/clickhouse";
import { loadCatalogue } from "@tokenledger/prices";
import { compare, type Comparison, type Section } from "./cost-comparison.ts";
import { explanations } from "./cost-explanations.ts";
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

const providers: Readonly<Record<string, string>> = {
  openai: "openai",
  "azure-openai": "azure.ai.openai",
  anthropic: "anthropic",
};

/** The day of the prices that the other project computed with. */
const pricedOn = "2026-08-20T12:00:00Z";

/** Prices the interactions of the reviewed providers, and judges those that no explanation covers. */
export async function priceOracle(target: LedgerTarget, file: string): Promise<Section[]> {
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: readonly OracleRow[] };
  const reviewed = rows.filter(({ provider }) => provider in providers);
  const covered = reviewed.filter((row) => row.genai_prices_input_usd !== null || row.genai_prices_output_usd !== null);
  const calls = covered.map(callOf);
  const costs = await priceInLedger(target, await loadCatalogue(), calls);
  const judged = covered.map((row, index) => judge(row, costs.get(calls[index]?.id ?? "")));
  return [
    {
      title: "Another project's prices",
      judged,
      shown: [],
      left: {
        "of providers that are not reviewed yet": rows.length - reviewed.length,
        "without a price there": reviewed.length - covered.length,
      },
    },
  ];
}

/** A difference is fine where the table says why and the ledger's amount is the one it says. */
function judge(row: OracleRow, cost: LedgerCost | undefined): Comparison {
  const theirs = String(Number(row.genai_prices_input_usd) + Number(row.genai_prices_output_usd));
  const identity = { id: row.interaction_id, provider: row.provider, model: row.model };
  const compared = compare(identity, theirs, cost);
  const explanation = explanations[row.interaction_id];
  if (compared.agrees || !explanation) return compared;
  const agrees = compared.ledger !== null && Number(compared.ledger) === Number(explanation.ledger);
  return { ...compared, agrees, note: agrees ? explanation.why : `explained for ${explanation.ledger} only` };
}

function callOf({ interaction_id, provider, model, genai_prices_usage: usage }: OracleRow): CountedCall {
  const of = (key: string): number => usage[key] ?? 0;
  const timed = of("cache_write_5m_tokens") + of("cache_write_1h_tokens");
  const counts: Partial<Record<PriceComponent, number>> = {
    cache_read: of("cache_read_tokens"),
    cache_write: of("cache_write_tokens") - timed,
    cache_write_5m: of("cache_write_5m_tokens"),
    cache_write_1h: of("cache_write_1h_tokens"),
    input_audio: of("input_audio_tokens"),
    reasoning: of("output_reasoning_tokens"),
    web_search: of("web_searches"),
  };
  const inputClasses = of("cache_read_tokens") + of("cache_write_tokens") + of("input_audio_tokens");
  return {
    id: interaction_id,
    provider: providers[provider] ?? provider,
    model,
    startedAt: pricedOn,
    counts: {
      ...counts,
      input: of("input_tokens") - inputClasses,
      output: of("output_tokens") - of("output_reasoning_tokens"),
    },
  };
}
