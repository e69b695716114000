import type { TraceSpan } from "./trace-span.ts";

const nothing = {
  agent_name: "",
  status: "Unset",
  model: null,
  outcome: null,
  billed_by: "",
  unpriced: "",
  input_tokens: null,
  cache_read_tokens: null,
  output_tokens: null,
  self_cost_usd: "0",
  self_known_cost_usd: "0",
  inclusive_calls: "0",
  inclusive_unpriced_calls: "0",
  inclusive_cost_usd: "0",
  inclusive_known_cost_usd: "0",
};

/** A row of `trace_tree`: `second` and `seconds` say when it ran, counted from noon. */
export const span = (
  row: Pick<TraceSpan, "span_id" | "parent_span_id" | "kind" | "name"> & Partial<TraceSpan>,
  depth: number,
  second: number,
  seconds: number,
): TraceSpan => ({
  ...nothing,
  ...row,
  depth: String(depth),
  started_at: new Date(Date.UTC(2026, 4, 1, 12, 0, second)).toISOString().replace("T", " ").replace("Z", "000000"),
  duration_ms: seconds * 1000,
});

const call = (
  span_id: string,
  parent_span_id: string,
  agent_name: string,
  cost: string,
  [input, cached, output]: [number, number, number],
): Parameters<typeof span>[0] => ({
  span_id,
  parent_span_id,
  agent_name,
  kind: "llm_call",
  name: "chat claude",
  model: "claude",
  input_tokens: String(input),
  cache_read_tokens: String(cached),
  output_tokens: String(output),
  self_cost_usd: cost,
  self_known_cost_usd: cost,
});

/**
 * A lead agent of two steps: a call, a tool that a helper with one call works for, a second call. A framework reports
 * the first call, too, and the last one has no price.
 */
export const delegated: readonly TraceSpan[] = [
  span(
    { span_id: "a", parent_span_id: "", kind: "agent_run", name: "invoke_agent lead", agent_name: "lead" },
    0,
    0,
    20,
  ),
  span(call("b", "a", "lead", "0.030000000000001", [1000, 0, 10]), 1, 1, 2),
  span({ ...call("c", "b", "lead", "0", [1000, 0, 10]), billed_by: "b" }, 2, 1, 1),
  span({ span_id: "d", parent_span_id: "a", kind: "tool_call", name: "execute_tool delegate" }, 1, 3, 6),
  span(
    { span_id: "e", parent_span_id: "d", kind: "agent_run", name: "invoke_agent helper", agent_name: "helper" },
    2,
    4,
    4,
  ),
  span(call("f", "e", "helper", "0.01", [500, 100, 5]), 3, 4, 4),
  span({ span_id: "g", parent_span_id: "a", kind: "tool_call", name: "execute_tool look" }, 1, 4, 2),
  span(call("h", "a", "lead", "0.06", [2000, 1000, 20]), 1, 10, 5),
  span({ ...call("i", "a", "lead", "0", [7, 0, 0]), self_cost_usd: null, unpriced: "no price" }, 1, 16, 1),
];

/** The steps of its calls. */
export const delegatedSteps: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["f", 1],
  ["h", 2],
  ["i", 3],
]);
