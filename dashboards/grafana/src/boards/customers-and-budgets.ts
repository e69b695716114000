import { type Board, boardOf } from "../board.ts";
import { groupsOf, seriesOf, tableOf } from "../panels.ts";
import { choice, customer, every, text } from "../variables.ts";

/** Who it was for, whether they pay for it, and whether the budgets last. */
export const customersAndBudgets: Board = boardOf({
  name: "customers-and-budgets",
  title: "Customers and budgets",
  answers:
    "What each customer and feature earned and cost, who costs far more than most, and whether the budgets last.",
  variables: [
    every,
    customer,
    choice("times", {
      label: "Whale above",
      explains: "Times the median customer's cost from which a customer is listed",
      values: ["10", "3", "5", "20"],
    }),
    choice("scope", {
      label: "Forecast of",
      explains: "What the forecast is of: all, or one customer, feature or agent, named beside",
      values: ["all", "customer", "feature", "agent"],
    }),
    text("name", { label: "Named", explains: "The name of what is forecast; empty for all", initial: "" }),
  ],
  pagePath: "/customers",
  panels: [
    tableOf({
      title: "Budgets",
      shows: "At the end of the window: what is spent of each budget in force. A pace above 1 does not last.",
      query: {
        view: "budget_status",
        columns: [
          "scope",
          "name",
          "period",
          "period_end",
          "limit_usd",
          "known_cost_usd",
          "unpriced_calls",
          "remaining_usd",
          "share_spent",
          "share_of_time",
          "pace",
          "estimated_usd",
        ],
      },
      width: 24,
      height: 8,
    }),
    groupsOf({
      title: "Forecast of $scope $name",
      shows:
        "Estimated total up to the end of each of the next fourteen days, from the complete days of the window, with the bounds that held for four of five past forecasts. Empty without a week of history: choose a longer window.",
      query: {
        view: "burn_rate",
        given: { scope: { variable: "scope" }, name: { variable: "name" }, days: 14 },
        columns: ["day", "low_total_usd", "estimated_total_usd", "high_total_usd"],
      },
      width: 12,
      height: 9,
    }),
    seriesOf({
      title: "Known cost by customer, each $every",
      shows: "What was spent for each customer over time.",
      query: {
        view: "cost_over_time",
        given: { every: { variable: "every" }, by: "customer" },
        columns: ["starts_at", "name", "known_cost_usd"],
        where: [{ column: "name", among: "customer" }],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Customers",
      shows: "Revenue, cost and margin of each customer. Revenue is what `tokenledger import revenue` was given.",
      query: {
        view: "unit_economics",
        columns: [
          "customer_id",
          "calls",
          "unpriced_calls",
          "cost_usd",
          "known_cost_usd",
          "revenue_usd",
          "margin_usd",
          "margin_share",
        ],
        where: [
          { column: "level", is: "customer" },
          { column: "customer_id", among: "customer" },
        ],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Whales",
      shows: "Customers that cost at least $times times as much as the median customer.",
      query: {
        view: "inference_whales",
        given: { times: { variable: "times" } },
        columns: [
          "rank",
          "customer_id",
          "calls",
          "unpriced_calls",
          "known_cost_usd",
          "times_median",
          "share",
          "cumulative_share",
          "revenue_usd",
          "margin_usd",
        ],
        where: [{ column: "customer_id", among: "customer" }],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Customers by feature",
      shows: "What each customer cost by the feature that was used.",
      query: {
        view: "customer_cost",
        columns: [
          "customer_id",
          "feature_name",
          "tasks",
          "traces",
          "calls",
          "input_tokens",
          "output_tokens",
          "unpriced_calls",
          "cost_usd",
          "known_cost_usd",
        ],
        where: [{ column: "customer_id", among: "customer" }],
      },
      width: 12,
      height: 9,
    }),
    tableOf({
      title: "Tasks",
      shows: "What a task costs, and what one outcome costs with the tasks that did not end in it.",
      query: {
        view: "task_cost",
        columns: [
          "feature_name",
          "outcome",
          "tasks",
          "unpriced_tasks",
          "cost_usd",
          "known_cost_usd",
          "known_cost_per_outcome_usd",
          "p50_cost_usd",
          "p90_cost_usd",
          "p99_cost_usd",
        ],
      },
      width: 12,
      height: 9,
    }),
  ],
});
