import { type Board, boardOf } from "../board.ts";
import { figuresOf, flamesOf, tableOf } from "../panels.ts";
import { text } from "../variables.ts";

const ofTrace = { trace_id: { variable: "trace" } } as const;

/** One trace. */
export const trace: Board = boardOf({
  name: "trace",
  title: "Trace",
  answers: "What one trace cost: down the agents, steps and calls, token by token, at which price.",
  variables: [text("trace", { label: "Trace", explains: "A trace's id, 32 hexadecimal digits", initial: "" })],
  pagePath: "/trace/${trace}",
  panels: [
    figuresOf({
      title: "In the window",
      shows: "What of this trace lies in the selected window. Frames, spans and calls below are of the trace in full.",
      query: {
        view: "selection_total",
        given: { in_trace: { variable: "trace" } },
        columns: ["cost_usd", "known_cost_usd", "unpriced_calls", "calls", "input_tokens", "output_tokens"],
      },
      width: 24,
      height: 4,
    }),
    flamesOf({
      title: "Where it went",
      shows: "Each frame is as wide as the known cost of its span with all that ran under it.",
      query: { view: "trace_frames", given: ofTrace, columns: ["level", "value", "self", "label"] },
      width: 24,
      height: 11,
    }),
    tableOf({
      title: "Spans",
      shows: "The tree from the root down, with what each span cost by itself and with all below it.",
      query: {
        view: "trace_tree",
        given: ofTrace,
        columns: [
          "depth",
          "kind",
          "name",
          "agent_name",
          "started_at",
          "duration_ms",
          "model",
          "outcome",
          "input_tokens",
          "cache_read_tokens",
          "output_tokens",
          "self_cost_usd",
          "inclusive_cost_usd",
          "inclusive_known_cost_usd",
          "inclusive_unpriced_calls",
          "unpriced",
        ],
        limit: 10_000,
      },
      width: 24,
      height: 11,
    }),
    tableOf({
      title: "Calls",
      shows:
        "Every report of a call, its usage record and the price card; `billed by` names the bill where it is another.",
      query: {
        view: "call_detail",
        given: ofTrace,
        columns: [
          "started_at",
          "span_id",
          "billed_by",
          "agent_step",
          "provider",
          "response_model",
          "service_tier",
          "outcome",
          "usage_source",
          "input_tokens",
          "cache_read_tokens",
          "output_tokens",
          "reasoning_tokens",
          "cost_usd",
          "known_cost_usd",
          "price_card_id",
          "unpriced",
        ],
        limit: 10_000,
      },
      width: 24,
      height: 9,
    }),
    tableOf({
      title: "Why",
      shows: "Every token and fee of the calls that lie in the selected window, with its cause and its cost.",
      query: {
        view: "call_cause_cost",
        given: ofTrace,
        columns: [
          "started_at",
          "span_id",
          "model",
          "agent_name",
          "cause",
          "component",
          "tokens",
          "fees",
          "cost_usd",
          "known_cost_usd",
        ],
        limit: 10_000,
      },
      width: 24,
      height: 9,
    }),
  ],
});
