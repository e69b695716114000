import { type Board, boardOf } from "../board.ts";
import { tableOf } from "../panels.ts";
import { model, service } from "../variables.ts";

/** How sure the figures are. */
export const pricesAndHealth: Board = boardOf({
  name: "prices-and-health",
  title: "Prices and health",
  answers:
    "How sure the figures are: what has no price or no usage, how old the prices are, and whether everything arrived.",
  variables: [service, model],
  pagePath: "/health",
  panels: [
    tableOf({
      title: "Priced, and why not",
      shows: "Calls by reason; an empty reason holds those with a price.",
      query: {
        view: "price_coverage",
        columns: [
          "reason",
          "provider",
          "model",
          "service_tier",
          "region",
          "calls",
          "input_tokens",
          "output_tokens",
          "known_cost_usd",
        ],
        where: [{ column: "model", among: "model" }],
      },
      width: 12,
      height: 10,
    }),
    tableOf({
      title: "How sure the token counts are",
      shows: "What providers reported, what was counted here, and what nobody said.",
      query: {
        view: "usage_coverage",
        columns: [
          "provider",
          "scope_name",
          "calls",
          "reported",
          "partial",
          "estimated",
          "no_usage",
          "refused",
          "assumed_split",
          "inconsistent",
        ],
      },
      width: 12,
      height: 10,
    }),
    tableOf({
      title: "How old the prices are",
      shows: "When somebody last checked the prices that calls were priced with.",
      query: {
        view: "price_age",
        columns: [
          "provider",
          "model",
          "service_tier",
          "region",
          "in_force",
          "oldest_check",
          "stale_components",
          "calls",
          "known_cost_usd",
        ],
        where: [{ column: "model", among: "model" }],
      },
      width: 14,
      height: 9,
    }),
    tableOf({
      title: "Price catalogues",
      shows: "Which catalogue prices new calls, and what each has priced.",
      query: {
        view: "catalogue_use",
        columns: ["price_version", "kind", "in_force", "sources", "calls", "known_cost_usd"],
      },
      width: 10,
      height: 9,
    }),
    tableOf({
      title: "Deliveries",
      shows: "Gaps in the numbering of each process, deliveries repeated, spans refused.",
      query: {
        view: "delivery_health",
        columns: [
          "process_id",
          "service_name",
          "first_span_at",
          "last_span_at",
          "deliveries",
          "spans",
          "repeated",
          "refused",
          "missing",
        ],
        where: [{ column: "service_name", among: "service" }],
      },
      width: 14,
      height: 9,
    }),
    tableOf({
      title: "Who reports",
      shows:
        "Whose spans came in and how they were read; unrecognized ones count tokens in no operation that is known.",
      query: {
        view: "emitter_coverage",
        columns: [
          "emitter",
          "scope_name",
          "calls",
          "agent_runs",
          "tool_calls",
          "unrecognized",
          "assumed_basis",
          "found_basis",
        ],
      },
      width: 10,
      height: 9,
    }),
  ],
});
