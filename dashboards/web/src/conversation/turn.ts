import type { Amount } from "../data/money.ts";

/** A row of `conversation_turns`: one billed call of a conversation, and how its context was made and paid for. */
export interface Turn {
  readonly started_at: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly conversation_id: string;
  readonly agent_name: string;
  /** Place among the calls of its agent. */
  readonly turn: string;
  readonly model: string;
  readonly outcome: string;
  /** Since the call of this agent before it began; null for its first. */
  readonly idle_ms: number | null;
  /** For how long the cache keeps what was last written: 5m, 30m, 1h, 12h; empty: nobody said. */
  readonly kept_for: string;
  readonly input_tokens: Amount;
  readonly output_tokens: Amount;
  readonly cache_read_tokens: Amount;
  readonly cache_write_tokens: Amount;
  readonly in_full_tokens: Amount;
  readonly system_tokens: Amount;
  readonly tool_definition_tokens: Amount;
  readonly user_tokens: Amount;
  readonly answer_tokens: Amount;
  readonly tool_result_tokens: Amount;
  readonly retrieved_tokens: Amount;
  readonly media_tokens: Amount;
  readonly older_tokens: Amount;
  readonly unrecorded_tokens: Amount;
  readonly re_read_from_cache_tokens: Amount;
  readonly rewritten_tokens: Amount;
  readonly re_read_in_full_tokens: Amount;
  readonly failed_or_duplicate_tokens: Amount;
  readonly unexplained_tokens: Amount;
  readonly new_tokens: Amount;
  readonly input_known_cost_usd: string;
  readonly re_read_from_cache_known_cost_usd: string;
  readonly rewritten_known_cost_usd: string;
  readonly re_read_in_full_known_cost_usd: string;
  readonly rewrite_loss_usd: string;
  readonly missed_discount_usd: string;
  readonly cost_usd: Amount;
  readonly known_cost_usd: string;
}

/** Columns of a turn that hold tokens. */
export type TokenColumn = Extract<keyof Turn, `${string}_tokens`>;
