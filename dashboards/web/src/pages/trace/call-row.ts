import type { Amount } from "../../data/money.ts";

/** What the page reads of a row of `call_detail`. */
export interface CallRow {
  readonly span_id: string;
  readonly billed_by: string;
  readonly started_at: string;
  readonly scope_name: string;
  readonly agent_path: readonly string[];
  readonly agent_step: number;
  readonly operation: string;
  readonly provider: string;
  readonly request_model: string;
  readonly response_model: string;
  readonly response_id: string;
  readonly billed_line: string;
  readonly service_tier: string;
  readonly region: string;
  readonly outcome: string;
  readonly error_type: string;
  readonly attempts: number;
  readonly finish_reasons: readonly string[];
  readonly usage_source: string;
  readonly usage_split: string;
  readonly usage_inconsistent: string;
  readonly input_tokens: Amount;
  readonly output_tokens: Amount;
  readonly price_version: number;
  readonly price_card_id: string;
  readonly cost_usd: Amount;
  readonly known_cost_usd: string;
  readonly unpriced: string;
}
