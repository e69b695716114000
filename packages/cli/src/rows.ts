import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import type { Window } from "./window.ts";

/** Money and 64-bit counts as decimal strings, `null` where nobody knows. */
export type Amount = string | null;

export interface LedgerTotal {
  traces: string;
  calls: string;
  unfinished_calls: string;
  repeated_reports: string;
  retries: string;
  input_tokens: Amount;
  cache_read_tokens: Amount;
  output_tokens: Amount;
  reasoning_tokens: Amount;
  unpriced_calls: string;
  cost_usd: Amount;
  known_cost_usd: string;
  agent_cost_usd: string;
  agentless_cost_usd: string;
}

export interface AgentCost {
  agent_name: string;
  self_calls: string;
  inclusive_calls: string;
  self_unpriced_calls: string;
  inclusive_unpriced_calls: string;
  self_input_tokens: Amount;
  self_output_tokens: Amount;
  self_cost_usd: Amount;
  inclusive_cost_usd: Amount;
  self_known_cost_usd: string;
  inclusive_known_cost_usd: string;
}

export interface StepCost {
  agent_name: string;
  agent_step: number;
  calls: string;
  mean_input_tokens: number | null;
  input_tokens: Amount;
  cache_read_tokens: Amount;
  output_tokens: Amount;
  unpriced_calls: string;
  known_cost_usd: string;
}

export interface ModelCost {
  provider: string;
  model: string;
  service_tier: string;
  calls: string;
  input_tokens: Amount;
  cache_read_tokens: Amount;
  cache_write_tokens: Amount;
  output_tokens: Amount;
  unpriced_calls: string;
  known_cost_usd: string;
}

export interface CustomerCost {
  customer_id: string;
  feature_name: string;
  tasks: string;
  calls: string;
  unpriced_calls: string;
  known_cost_usd: string;
}

export interface CacheProfitAndLoss {
  model: string;
  agent_name: string;
  /** How long entries live: 5m, 1h; empty: not told. */
  ttl: string;
  cache_read_tokens: Amount;
  cache_write_tokens: Amount;
  read_discount_usd: string;
  write_premium_usd: string;
  net_saving_usd: string;
}

export interface PriceCoverage {
  reason: string;
  provider: string;
  model: string;
  service_tier: string;
  calls: string;
  input_tokens: Amount;
  output_tokens: Amount;
}

export interface PriceAge {
  provider: string;
  model: string;
  service_tier: string;
  in_force: boolean;
  oldest_check: string;
  stale_components: readonly string[];
  calls: string;
  known_cost_usd: string;
}

export interface CatalogueUse {
  price_version: number;
  kind: "catalogue" | "book";
  in_force: boolean;
  sources: readonly string[];
  calls: string;
  known_cost_usd: string;
}

export interface UsageCoverage {
  provider: string;
  scope_name: string;
  calls: string;
  reported: string;
  partial: string;
  estimated: string;
  no_usage: string;
  refused: string;
  inconsistent: string;
}

/** The rows of a view over a range of time. */
export async function viewRows<Row>(target: LedgerTarget, view: string, window: Window): Promise<Row[]> {
  // The view names its columns, and the cases of the view hold them to it.
  return (await queryView(target, view, { from: window.from, to: window.to })) as Row[];
}
