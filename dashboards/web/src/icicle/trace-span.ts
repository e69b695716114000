/** One row of the view `trace_tree`: a span with what it cost by itself and with all that ran under it. */
export interface TraceSpan {
  readonly depth: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  /** llm_call, agent_run, tool_call, unrecognized or other. */
  readonly kind: string;
  readonly name: string;
  readonly agent_name: string;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly status: string;
  readonly model: string | null;
  readonly outcome: string | null;
  /** Of a call that another span is the bill of: that span. */
  readonly billed_by: string;
  readonly input_tokens: string | null;
  readonly cache_read_tokens: string | null;
  readonly output_tokens: string | null;
  readonly self_cost_usd: string | null;
  readonly self_known_cost_usd: string | null;
  readonly unpriced: string | null;
  readonly inclusive_calls: string | null;
  readonly inclusive_unpriced_calls: string;
  readonly inclusive_cost_usd: string | null;
  readonly inclusive_known_cost_usd: string | null;
}

/** Milliseconds since the epoch, with a fraction, of an instant as views write it: `2026-05-01 10:00:00.123456789`. */
export function millisecondsOf(instant: string): number {
  const [, seconds = "", fraction = "0"] = /^(.{19})(?:\.(\d+))?/.exec(instant) ?? [];
  return Date.parse(`${seconds.replace(" ", "T")}Z`) + Number(`0.${fraction}`) * 1000;
}
