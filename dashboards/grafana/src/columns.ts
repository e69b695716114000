import type { DynamicConfigValue } from "@grafana/grafana-foundation-sdk/dashboard";

/** How a column is shown, by what its name says that it holds: the same on every panel. */
export const lookOf = (column: string): DynamicConfigValue[] =>
  looks.find(({ holds }) => holds.test(column))?.look ?? [];

/** The same under a heading, with where its values lead. */
export const headedLookOf = (column: string): DynamicConfigValue[] => [
  { id: "displayName", value: headingOf(column) },
  ...lookOf(column),
  ...(links[column] ?? []),
];

/** `self_known_cost_usd` as a heading: "Self known cost". What is estimated keeps the word. */
function headingOf(column: string): string {
  const words = column.replace(/_usd\b|_usd(?=_estimated)/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Unknown is not zero. */
const unknown: DynamicConfigValue = {
  id: "mappings",
  value: [{ type: "special", options: { match: "null", result: { text: "unknown" } } }],
};
const unit = (value: string, decimals?: number): DynamicConfigValue[] => [
  { id: "unit", value },
  ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
];

/** What carries no name: calls of no agent, for no customer. */
const nameless: DynamicConfigValue = {
  id: "mappings",
  value: [{ type: "special", options: { match: "empty", result: { text: "(none)" } } }],
};

/** In this order: the first that holds. */
const looks: readonly { readonly holds: RegExp; readonly look: DynamicConfigValue[] }[] = [
  { holds: /_usd(_estimated)?$|^(value|self)$/, look: [...unit("currencyUSD", 4), unknown] },
  { holds: /share|_rate(_change)?$/, look: [...unit("percentunit", 1), unknown] },
  { holds: /^(pace|multiplier|times_median)$/, look: [...unit("none", 2), unknown] },
  { holds: /_ms$/, look: unit("ms") },
  {
    holds:
      /(calls|tokens|traces|conversations|runs|deliveries|spans|tasks|requests|attempts|results|repeated|missing|refused)(_estimated)?$/,
    look: [...unit("locale"), unknown],
  },
  { holds: /(name|_id|agent|scope|tier|region|reason|emitter)$/, look: [nameless] },
];

/** In a table, a value that somebody should look at is coloured, as well as being there to read. */
export function alarmOf(column: string): DynamicConfigValue[] {
  const steps = alarms.find(({ holds }) => holds.test(column))?.steps;
  if (steps === undefined) return [];
  const [least, ...above] = steps;
  return [
    { id: "thresholds", value: { mode: "absolute", steps: [{ value: null, color: least }, ...above] } },
    { id: "custom.cellOptions", value: { type: "color-text" } },
  ];
}

/** The colour of the least, then from which value on another. */
type Steps = readonly [string, ...{ readonly value: number; readonly color: string }[]];
const alarms: readonly { readonly holds: RegExp; readonly steps: Steps }[] = [
  {
    holds: /unpriced_(calls|tasks)$|^(missing|refused|unrecognized|inconsistent|no_usage)$/,
    steps: ["text", { value: 1, color: "orange" }],
  },
  { holds: /^pace$/, steps: ["text", { value: 1, color: "orange" }, { value: 1.2, color: "red" }] },
  { holds: /^share_spent$/, steps: ["text", { value: 0.8, color: "orange" }, { value: 1, color: "red" }] },
  { holds: /^hit_rate_change$/, steps: ["red", { value: -0.2, color: "orange" }, { value: -0.05, color: "text" }] },
  { holds: /^(margin|remaining)_usd$/, steps: ["red", { value: 0, color: "text" }] },
];

/** From a trace to this ledger's own page of it, and to the dashboard of it; the window goes along. */
const traceLinks: DynamicConfigValue[] = [
  {
    id: "links",
    value: [
      { title: "Trace", url: "/d/tokenledger-trace?var-trace=${__value.raw}&${__url_time_range}", targetBlank: false },
      { title: "Trace on the ledger's page", url: "${page}/trace/${__value.raw}", targetBlank: true },
    ],
  },
];
const links: Readonly<Record<string, DynamicConfigValue[]>> = {
  trace_id: traceLinks,
  dearest_trace_id: traceLinks,
};
