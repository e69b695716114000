import { type Board, boardOf } from "../board.ts";
import { barsOf, figuresOf, seriesOf, tableOf } from "../panels.ts";
import { choice, every, model, service } from "../variables.ts";

/** Where the money went. */
export const overview: Board = boardOf({
  name: "overview",
  title: "Overview",
  answers: "Where the money went, why, and how much of it is known.",
  variables: [
    choice("by", {
      label: "By",
      explains: "What the spending over time is told apart by",
      values: ["model", "agent", "customer", "feature", "service", "provider"],
    }),
    every,
    service,
    model,
  ],
  panels: [
    figuresOf({
      title: "Spent",
      shows:
        "What the selected service, or all, spent. The cost is unknown as soon as one call has no usage or no price; the known cost is then the least that it was.",
      query: {
        view: "selection_total",
        given: { in_service: { variable: "service" } },
        columns: [
          "cost_usd",
          "known_cost_usd",
          "unpriced_calls",
          "calls",
          "traces",
          "conversations",
          "input_tokens",
          "output_tokens",
        ],
      },
      width: 24,
      height: 4,
    }),
    seriesOf({
      title: "Known cost by $by, each $every",
      shows: "What was spent when, of all services. Agents have their own calls only, so the bars add up to the total.",
      query: {
        view: "cost_over_time",
        given: { every: { variable: "every" }, by: { variable: "by" } },
        columns: ["starts_at", "name", "known_cost_usd"],
      },
      width: 16,
      height: 10,
    }),
    barsOf({
      title: "Why it was spent",
      shows:
        "The known cost of the selected service, or all, by what each token and fee was paid for. The causes add up.",
      query: {
        view: "spend_by_cause",
        given: { by: "all", in_service: { variable: "service" } },
        columns: ["cause", "known_cost_usd"],
      },
      width: 8,
      height: 10,
    }),
    tableOf({
      title: "Models",
      shows: "What each model cost, dearest first, with the tokens that it was billed for.",
      query: {
        view: "model_cost",
        columns: [
          "provider",
          "model",
          "service_tier",
          "calls",
          "input_tokens",
          "cache_read_tokens",
          "output_tokens",
          "unpriced_calls",
          "cost_usd",
          "known_cost_usd",
        ],
        where: [{ column: "model", among: "model" }],
      },
      width: 14,
      height: 9,
    }),
    tableOf({
      title: "Not priced",
      shows: "Calls whose cost is not known, by reason. Empty when everything has a price.",
      query: {
        view: "price_coverage",
        columns: ["reason", "provider", "model", "calls", "input_tokens", "output_tokens"],
        where: [
          { column: "reason", isNot: "" },
          { column: "model", among: "model" },
        ],
      },
      width: 10,
      height: 9,
    }),
    tableOf({
      title: "Dearest traces",
      shows: "The fifty traces that cost most, all agents of a trace together. Click a trace to open it.",
      query: {
        view: "trace_cost",
        columns: [
          "trace_id",
          "first_call_at",
          "service_name",
          "calls",
          "input_tokens",
          "cache_read_tokens",
          "output_tokens",
          "unpriced_calls",
          "cost_usd",
          "known_cost_usd",
        ],
        where: [{ column: "service_name", among: "service" }],
        limit: 50,
      },
      width: 16,
      height: 10,
    }),
    figuresOf({
      title: "Beside the bill",
      shows:
        "Of all services: what did not complete, was sent again, or was reported by several layers and counted once.",
      query: { view: "ledger_total", columns: ["unfinished_calls", "retries", "repeated_reports", "reasoning_tokens"] },
      width: 8,
      height: 10,
    }),
  ],
});
