import { type Board, boardOf } from "../board.ts";
import { seriesOf, tableOf } from "../panels.ts";
import { agent, every, model, service } from "../variables.ts";

const ofChosen = [
  { column: "model", among: "model" },
  { column: "agent_name", among: "agent" },
] as const;
const ofService = { in_service: { variable: "service" } } as const;

/** What caching earned, and what was paid for nothing. */
export const cacheAndWaste: Board = boardOf({
  name: "cache-and-waste",
  title: "Cache and waste",
  answers: "What prompt caching earned and lost, what was paid for twice or for nothing, and what to change first.",
  variables: [every, service, agent, model],
  pagePath: "/waste",
  panels: [
    tableOf({
      title: "Cache hit rate, now and before",
      shows:
        "The share of input that was read from a provider's cache in the window, beside that of the seven days before it.",
      query: {
        view: "cache_hit_rate",
        given: { base_days: 7, least_tokens: 0 },
        columns: [
          "provider",
          "model",
          "agent_name",
          "calls",
          "calls_not_telling",
          "input_tokens",
          "cache_read_tokens",
          "hit_rate",
          "base_hit_rate",
          "hit_rate_change",
        ],
        where: ofChosen,
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "What caching earned",
      shows: "The discount on what was read against the premium on what was written, and where more was lost.",
      query: {
        view: "cache_profit_and_loss",
        columns: [
          "provider",
          "model",
          "agent_name",
          "ttl",
          "calls",
          "unpriced_calls",
          "read_discount_usd",
          "write_premium_usd",
          "net_saving_usd",
          "rewrite_loss_usd",
          "missed_discount_usd",
          "never_read_premium_usd_estimated",
        ],
        where: ofChosen,
      },
      width: 12,
      height: 9,
    }),
    seriesOf({
      title: "Known cost by cause, each $every",
      shows: "What the selected service, or all, paid for over time. The causes add up to the total.",
      query: {
        view: "cause_over_time",
        given: { every: { variable: "every" }, ...ofService },
        columns: ["starts_at", "cause", "known_cost_usd"],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Waste by agent",
      shows: "What was paid for what had been paid for before, failed, or was never used.",
      query: {
        view: "spend_by_cause",
        given: { by: "agent", ...ofService },
        columns: ["name", "cause", "calls", "tokens", "unpriced_calls", "cost_usd", "known_cost_usd"],
        where: [
          { column: "is_waste", is: 1 },
          { column: "name", among: "agent" },
        ],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "What to change first",
      shows:
        "Savings, largest first, no dollar twice: estimates from the recorded calls, as if history were cut after ten turns with a summary of 1,000 tokens.",
      query: {
        view: "savings",
        given: { turns: 10, summary_tokens: 1000, ...ofService },
        columns: [
          "measure",
          "provider",
          "model",
          "agent_name",
          "calls",
          "known_cost_usd",
          "least_usd",
          "saved_usd",
          "most_usd",
          "assumes",
        ],
        where: ofChosen,
      },
      width: 24,
      height: 9,
    }),
    tableOf({
      title: "Context that had been read before",
      shows: "Turn by turn: what was read from the cache, written again after it expired, and paid in full.",
      query: {
        view: "context_tax_by_turn",
        columns: [
          "agent_name",
          "turn",
          "calls",
          "input_tokens",
          "re_read_share",
          "input_known_cost_usd",
          "re_read_from_cache_known_cost_usd",
          "rewritten_known_cost_usd",
          "re_read_in_full_known_cost_usd",
        ],
        where: [{ column: "agent_name", among: "agent" }],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Failures",
      shows: "Calls that failed or whose answers were abandoned, and requests that had to be sent again.",
      query: {
        view: "retry_cost",
        columns: [
          "provider",
          "model",
          "agent_name",
          "calls",
          "failed_calls",
          "abandoned_calls",
          "retried_calls",
          "extra_attempts",
          "unpriced_calls",
          "cost_usd",
          "known_cost_usd",
        ],
        where: ofChosen,
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Asked twice",
      shows:
        "Prompts that the same model had answered within the hour before, and tools asked again with the same arguments.",
      query: {
        view: "duplicate_calls",
        columns: [
          "kind",
          "name",
          "agent_name",
          "repeated",
          "calls",
          "tokens",
          "cost_usd",
          "known_cost_usd",
          "dearest_trace_id",
        ],
        where: [{ column: "agent_name", among: "agent" }],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Tools that are offered and never asked for",
      shows: "What sending their definitions costs.",
      query: {
        view: "unused_tool_definitions",
        columns: ["agent_name", "tool_name", "runs", "unused_runs", "tokens_estimated", "known_cost_usd_estimated"],
        where: [{ column: "agent_name", among: "agent" }],
      },
      width: 12,
      height: 9,
    }),
  ],
});
