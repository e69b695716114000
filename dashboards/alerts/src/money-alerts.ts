import type { ViewQuery } from "../../grafana/src/view-query.ts";

/** An alert on money: rows of a saved view, each an instance, that are above or below a limit. */
export interface MoneyAlert {
  /** Names it for ever; at most 40 characters with the prefix `tokenledger-`. */
  readonly name: string;
  readonly title: string;
  /** Last of its columns is what is compared; the others are the instance's labels, and tell all instances apart. */
  readonly query: ViewQuery;
  /** How far back the question goes. */
  readonly windowHours: number;
  readonly fires: { readonly when: "gt" | "lt"; readonly limit: number };
  /** How long it has to be so. */
  readonly for: string;
  readonly severity: "warning" | "critical";
  /** What happened, with Grafana's templates of labels and values. */
  readonly summary: string;
  /** What to do. */
  readonly todo: string;
  /** The panel that shows the same: its dashboard and its title. */
  readonly shownOn: { readonly board: string; readonly panel: string };
}

const hours = 24;

/** What is watched. Limits are meant to be changed: in the Grafana that has them, or here. */
export const moneyAlerts: readonly MoneyAlert[] = [
  {
    name: "budget-burning",
    title: "A budget will not last",
    query: {
      view: "budget_status",
      columns: ["scope", "name", "period", "pace"],
      where: [{ column: "share_spent", above: 0.2 }],
    },
    windowHours: hours,
    fires: { when: "gt", limit: 1.2 },
    for: "30m",
    severity: "warning",
    summary:
      "The {{ $labels.period }} budget of {{ $labels.scope }} {{ $labels.name }} is spent {{ $values.A.Value }} times as fast as its time goes by",
    todo: "Open the dashboard: what remains, and what the period will cost at this pace. A fifth of the budget is gone already.",
    shownOn: { board: "customers-and-budgets", panel: "Budgets" },
  },
  {
    name: "budget-spent",
    title: "A budget is spent",
    query: { view: "budget_status", columns: ["scope", "name", "period", "share_spent"] },
    windowHours: hours,
    fires: { when: "gt", limit: 1 },
    for: "0s",
    severity: "critical",
    summary: "The {{ $labels.period }} budget of {{ $labels.scope }} {{ $labels.name }} is spent",
    todo: "The known cost alone is above the limit; calls without a price come on top.",
    shownOn: { board: "customers-and-budgets", panel: "Budgets" },
  },
  {
    name: "cache-hit-rate-falling",
    title: "The cache hits less than it did",
    query: {
      view: "cache_hit_rate",
      given: { base_days: 7, least_tokens: 100_000 },
      columns: ["provider", "model", "agent_name", "hit_rate_change"],
    },
    windowHours: 6,
    fires: { when: "lt", limit: -0.2 },
    for: "15m",
    severity: "warning",
    summary:
      "{{ $labels.agent_name }} on {{ $labels.model }} reads less of its input from the cache than in the seven days before: {{ $values.A.Value }} as a share",
    todo: "Look for a prompt whose beginning changes from call to call, and for pauses longer than the cache lives.",
    shownOn: { board: "cache-and-waste", panel: "Cache hit rate, now and before" },
  },
  {
    name: "unpriced-calls",
    title: "Calls without a known cost",
    query: {
      view: "price_coverage",
      columns: ["reason", "provider", "model", "service_tier", "region", "calls"],
      where: [{ column: "reason", isNot: "" }],
    },
    windowHours: hours,
    fires: { when: "gt", limit: 0 },
    for: "0s",
    severity: "warning",
    summary: "{{ $values.A.Value }} calls of {{ $labels.model }} have no known cost: {{ $labels.reason }}",
    todo: "No price: `tokenledger prices check` says what is missing, `tokenledger prices add` adds it, `tokenledger reprice` prices what has passed. No usage: the provider did not report it.",
    shownOn: { board: "prices-and-health", panel: "Priced, and why not" },
  },
  {
    name: "runaway-loop",
    title: "An agent runs away",
    query: {
      view: "runaway_loops",
      columns: ["trace_id", "agent_run_id", "agent_name", "feature_name", "reason", "calls"],
    },
    windowHours: hours,
    fires: { when: "gt", limit: 20 },
    for: "0s",
    severity: "critical",
    summary:
      "A run of {{ $labels.agent_name }} has made {{ $values.A.Value }} calls, far outside its usual range ({{ $labels.reason }}): trace {{ $labels.trace_id }}",
    todo: "Open the trace: /d/tokenledger-trace?var-trace={{ $labels.trace_id }}",
    shownOn: { board: "agents", panel: "Runaway loops" },
  },
  {
    name: "whale",
    title: "One customer costs far more than most",
    query: {
      view: "inference_whales",
      given: { times: 10 },
      columns: ["customer_id", "share"],
    },
    windowHours: hours,
    fires: { when: "gt", limit: 0.25 },
    for: "1h",
    severity: "warning",
    summary:
      "{{ $labels.customer_id }} costs more than ten times the median customer: {{ $values.A.Value }} of all spending, as a share",
    todo: "Open the dashboard: what the customer pays, and by which feature the cost came.",
    shownOn: { board: "customers-and-budgets", panel: "Whales" },
  },
];
