import { reasonText } from "./output/ledger-words.ts";
import { compact, count, knownUsd, share, usd } from "./output/numbers.ts";
import { dim, good, heading, warn } from "./output/style.ts";
import { table, type Column } from "./output/table.ts";
import { plain, wrapped } from "./output/text.ts";
import type {
  AgentCost,
  CacheProfitAndLoss,
  CustomerCost,
  LedgerTotal,
  ModelCost,
  PriceCoverage,
  StepCost,
  UsageCoverage,
} from "./rows.ts";
import type { Window } from "./window.ts";

/** What the views answered; also the body of `report --json`. */
export interface ReportRows {
  totals: LedgerTotal;
  agents: AgentCost[];
  steps: StepCost[];
  models: ModelCost[];
  customers: CustomerCost[];
  cache: CacheProfitAndLoss[];
  prices: PriceCoverage[];
  usage: UsageCoverage[];
}

/** Rows of a section at most; the rest is counted, not hidden. */
const longest = 20;

/** The report as a person reads it, 80 columns wide. */
export function reportText(rows: ReportRows, window: Window): string {
  if (rows.totals.calls === "0") return nothing(window);
  return [
    summary(rows.totals, window),
    section("Agents: what each spent itself, and with all that ran under it", rows.agents, agentColumns),
    section("Steps: what each turn of an agent's loop cost", dearest(rows.steps), stepColumns, rows.steps.length),
    section("Models", rows.models, modelColumns),
    section("Customers and features", named(rows.customers), customerColumns),
    section("Prompt caching: discount on reads against premium on writes", cached(rows.cache), cacheColumns),
    coverage(rows),
    reconciliation(rows.totals),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function summary(totals: LedgerTotal, window: Window): string {
  const { calls, traces, input_tokens: input, output_tokens: output, cache_read_tokens: cached } = totals;
  const unknown = totals.unpriced_calls === "0" ? "" : warn(`  + ${calls1(totals.unpriced_calls)} of unknown cost`);
  return [
    `${heading(`Tokenledger · ${window.label}`)}`,
    `${good(usd(totals.known_cost_usd))}${unknown}`,
    `${calls1(calls)} in ${plural(traces, "trace")} · ${count(input)} tokens in (${share(cached, input)} from cache) · ${count(output)} out`,
  ].join("\n");
}

function section<Row>(title: string, rows: readonly Row[], columns: readonly Column<Row>[], of = rows.length): string {
  if (rows.length === 0) return "";
  const more = of > longest ? dim(`\n… and ${of - longest} more: --json has them all`) : "";
  return `${heading(title)}\n${table(rows.slice(0, longest), columns)}${more}`;
}

/** The steps that cost most, in the order of the loop. */
function dearest(steps: readonly StepCost[]): StepCost[] {
  const kept = new Set(steps.toSorted((a, b) => Number(b.known_cost_usd) - Number(a.known_cost_usd)).slice(0, longest));
  return steps.filter((step) => kept.has(step));
}

/** What is not known, with why: it must never look like nothing. */
function coverage({ prices, usage }: ReportRows): string {
  const unpriced = prices.filter((row) => row.reason !== "");
  const lines = [
    ...unpriced.map((row) =>
      warn(
        wrapped(
          `${calls1(row.calls)} of ${label(plain(row.model), "unknown model")} cost an unknown amount: ${plain(reasonText(row.reason))}`,
        ),
      ),
    ),
    ...said(usage, "partial", "without the provider's final count: what it had said so far is priced"),
    ...said(usage, "estimated", "counted here, for the provider said nothing"),
    ...said(usage, "refused", "refused by the provider: known to cost nothing"),
    ...said(usage, "inconsistent", "with counts that contradict each other: usage_coverage names them"),
  ];
  return lines.length === 0 ? "" : [heading("What is not certain"), ...lines].join("\n");
}

function said(
  usage: readonly UsageCoverage[],
  field: "partial" | "estimated" | "refused" | "inconsistent",
  meaning: string,
): string[] {
  const calls = usage.reduce((sum, row) => sum + Number(row[field]), 0);
  return calls === 0 ? [] : [`${calls1(String(calls))} ${meaning}`];
}

/** The line that proves the sections above add up. */
function reconciliation(totals: LedgerTotal): string {
  const notes = [
    `${usd(totals.known_cost_usd)} = agents ${usd(totals.agent_cost_usd)} + no agent ${usd(totals.agentless_cost_usd)}`,
    ...(totals.unpriced_calls === "0" ? [] : [`${calls1(totals.unpriced_calls)} unpriced`]),
    ...(totals.retries === "0" ? [] : [plural(totals.retries, "retry", "retries")]),
    ...(totals.repeated_reports === "0" ? [] : [`${plural(totals.repeated_reports, "repeated report")} counted once`]),
  ];
  return `\n${dim(notes.join("; "))}`;
}

const nothing = (window: Window): string => `No model calls in the ledger (${window.label}).

  tokenledger up                                      start the local ledger, then
  node --import tokenledger/register app.js           run your app under the hook, or
  tokenledger import claude-code ~/.claude/projects   bring in your own session logs

If calls should be here, tokenledger doctor says what keeps them out.`;

const label = (name: string, none: string): string => (name === "" ? `(${none})` : name);
const calls1 = (number: string): string => plural(number, "call");
const plural = (number: string, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === "1" ? one : many}`;
const named = (rows: readonly CustomerCost[]): CustomerCost[] =>
  rows.some((row) => row.customer_id !== "" || row.feature_name !== "") ? [...rows] : [];

/** Known money, marked where more is unknown. */
const money = (known: string, unpriced: string): string => knownUsd(known, unpriced !== "0");

const agentColumns: Column<AgentCost>[] = [
  { heading: "agent", show: (row) => label(row.agent_name, "no agent"), width: 26 },
  { heading: "self", show: (row) => money(row.self_known_cost_usd, row.self_unpriced_calls), align: "right" },
  {
    heading: "inclusive",
    show: (row) => money(row.inclusive_known_cost_usd, row.inclusive_unpriced_calls),
    align: "right",
  },
  { heading: "calls", show: (row) => count(row.self_calls), align: "right" },
  { heading: "tokens in", show: (row) => tokens(row.self_input_tokens, row.self_calls), align: "right" },
  { heading: "out", show: (row) => tokens(row.self_output_tokens, row.self_calls), align: "right" },
];

const stepColumns: Column<StepCost>[] = [
  { heading: "agent", show: (row) => label(row.agent_name, "no agent"), width: 26 },
  { heading: "step", show: (row) => (row.agent_step === 0 ? "?" : String(row.agent_step)), align: "right" },
  { heading: "cost", show: (row) => money(row.known_cost_usd, row.unpriced_calls), align: "right" },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  { heading: "tokens in", show: (row) => count(row.input_tokens), align: "right" },
  { heading: "cached", show: (row) => share(row.cache_read_tokens, row.input_tokens), align: "right" },
  { heading: "out", show: (row) => count(row.output_tokens), align: "right" },
];

const modelColumns: Column<ModelCost>[] = [
  { heading: "model", show: (row) => label(row.model, "unknown"), width: 27 },
  { heading: "tier", show: (row) => row.service_tier, width: 9 },
  { heading: "cost", show: (row) => money(row.known_cost_usd, row.unpriced_calls), align: "right" },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  { heading: "tokens in", show: (row) => count(row.input_tokens), align: "right" },
  { heading: "out", show: (row) => count(row.output_tokens), align: "right" },
];

const customerColumns: Column<CustomerCost>[] = [
  { heading: "customer", show: (row) => label(row.customer_id, "none named"), width: 26 },
  { heading: "feature", show: (row) => label(row.feature_name, "none named"), width: 22 },
  { heading: "cost", show: (row) => money(row.known_cost_usd, row.unpriced_calls), align: "right" },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
];

/** Without those that only might have cached. */
const cached = (rows: readonly CacheProfitAndLoss[]): CacheProfitAndLoss[] =>
  rows.filter((row) => row.cache_read_tokens !== "0" || row.cache_write_tokens !== "0");

const cacheColumns: Column<CacheProfitAndLoss>[] = [
  { heading: "model", show: (row) => row.model, width: 20 },
  { heading: "agent", show: (row) => label(row.agent_name, "no agent"), width: 14 },
  { heading: "kept", show: (row) => (row.ttl === "" ? "–" : row.ttl), align: "right" },
  { heading: "read", show: (row) => compact(row.cache_read_tokens), align: "right" },
  { heading: "written", show: (row) => compact(row.cache_write_tokens), align: "right" },
  { heading: "saved", show: (row) => usd(row.read_discount_usd), align: "right" },
  { heading: "paid", show: (row) => usd(row.write_premium_usd), align: "right" },
  { heading: "net", show: (row) => usd(row.net_saving_usd), align: "right" },
];

/** An agent without calls of its own has no tokens of its own: that is zero, and known. */
const tokens = (sum: string | null, calls: string): string => count(calls === "0" ? "0" : sum);

/** What `tokenledger agents` prints: the report's sections on agents, whole. */
export function agentsText(agents: readonly AgentCost[], steps: readonly StepCost[], window: Window): string {
  if (agents.length === 0) return nothing(window);
  return [
    heading(`Agents · ${window.label}`),
    table(agents, agentColumns),
    heading("Step by step"),
    table(steps, stepColumns),
  ].join("\n");
}
