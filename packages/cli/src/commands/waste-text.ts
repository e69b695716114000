import { measureNames } from "../measures.ts";
import { causeText } from "../output/ledger-words.ts";
import { compact, count, knownUsd, share, usd } from "../output/numbers.ts";
import { dim, good, heading, warn } from "../output/style.ts";
import { table, type Column } from "../output/table.ts";
import { plain, wrapped } from "../output/text.ts";
import type { Selection } from "../selection.ts";

/** What a name paid for one cause: a row of `spend_by_cause`. */
export interface CauseSpend {
  name: string;
  cause: string;
  calls: string;
  tokens: string;
  unpriced_calls: string;
  known_cost_usd: string;
  name_known_cost_usd: string;
  is_waste: number;
}

/** What one measure would save: a row of `savings`. */
export interface Saving {
  measure: string;
  model: string;
  agent_name: string;
  calls: string;
  known_cost_usd: string;
  saved_usd: string;
  least_usd: string;
  most_usd: string;
  alone_usd: string;
  together_usd: string;
  assumes: string;
  query: string;
}

/** What the views answered; also the body of `waste --json`. */
export interface WasteRows {
  causes: CauseSpend[];
  agents: CauseSpend[];
  customers: CauseSpend[];
  sessions: CauseSpend[];
  savings: Saving[];
}

/** Rows of a section at most. */
const longest = 10;
/** Savings that are shown with their proof. */
const shownSavings = 3;

/** What `tokenledger waste` prints. */
export function wasteText(rows: WasteRows, { label, total }: Selection): string {
  return [
    summary(label, total),
    `${heading("Where the money went, and why (* paid again, failed or never used)")}\n${table(rows.causes, causeColumns(total.known_cost_usd))}`,
    byName("Agents: what each cost, and the most of it", rows.agents, "no agent"),
    byName("Customers", rows.customers, "none named"),
    byName("Sessions", rows.sessions, "none"),
    savingsText(rows.savings, total.known_cost_usd, shownSavings),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function summary(label: string, total: Selection["total"]): string {
  const unknown =
    total.unpriced_calls === "0" ? "" : warn(`  + ${counted(total.unpriced_calls, "call")} of unknown cost`);
  return [
    heading(`Waste · ${plain(label)}`),
    `${good(usd(total.known_cost_usd))}${unknown}`,
    `${counted(total.calls, "call")} in ${counted(total.traces, "trace")}`,
  ].join("\n");
}

/** One line a name: its cost and the cause that took most of it. Nothing where there is but one name. */
function byName(title: string, rows: readonly CauseSpend[], none: string): string {
  const names = [...Map.groupBy(rows, ({ name }) => name).values()].flatMap(([first]) => first ?? []);
  if (names.length < 2) return "";
  const dearest = names.toSorted((one, other) => Number(other.name_known_cost_usd) - Number(one.name_known_cost_usd));
  const more = names.length > longest ? dim(`\n… and ${names.length - longest} more: --json has them all`) : "";
  const columns: Column<CauseSpend>[] = [
    { heading: "", show: (row) => (row.name === "" ? `(${none})` : row.name), width: 36 },
    { heading: "cost", show: (row) => knownUsd(row.name_known_cost_usd, row.unpriced_calls !== "0"), align: "right" },
    { heading: "most of it", show: (row) => causeName(row), width: 24 },
    { heading: "", show: (row) => share(row.known_cost_usd, row.name_known_cost_usd), align: "right" },
  ];
  return `${heading(title)}\n${table(dearest.slice(0, longest), columns)}${more}`;
}

/** The largest savings, each with what it takes and the query that proves it. */
export function savingsText(savings: readonly Saving[], cost: string, most: number = savings.length): string {
  const title = heading("What to change first");
  if (savings.length === 0) return `${title}\nNo measure would have saved anything that the ledger can prove.`;
  const shown = savings.slice(0, most).map((saving, index) => savingText(saving, index + 1, cost));
  const rest = savings.length - shown.length;
  const together = savings[0]?.together_usd ?? "0";
  return [
    title,
    ...shown,
    dim(
      `All ${savings.length} together, no dollar counted twice: ${usd(together)}, ${share(together, cost)} of the cost.`,
    ),
    ...(rest > 0 ? [dim(`${rest} more: tokenledger whatif savings`)] : []),
    dim("Other models and service tiers: tokenledger whatif model, tokenledger whatif tier"),
  ].join("\n");
}

function savingText(saving: Saving, place: number, cost: string): string {
  const who = saving.agent_name === "" ? "calls of no agent" : saving.agent_name;
  const range =
    saving.least_usd === saving.most_usd
      ? ""
      : `, an estimate between ${usd(saving.least_usd)} and ${usd(saving.most_usd)}`;
  const alone =
    saving.alone_usd === saving.saved_usd
      ? ""
      : ` (alone it would save ${usd(saving.alone_usd)}; the rest is saved above all)`;
  return [
    `${place}. ${good(usd(saving.saved_usd))} ${share(saving.saved_usd, cost)}  ${measureNames[saving.measure] ?? saving.measure}`,
    wrapped(plain(`${who} on ${saving.model}, ${counted(saving.calls, "call")}${range}${alone}.`), "   "),
    wrapped(plain(`Assumes: ${saving.assumes}.`), "   "),
    // On one line: it is there to be copied.
    dim(plain(`   Proof: tokenledger sql "${saving.query.replaceAll('"', '\\"')}"`)),
  ].join("\n");
}

const causeName = ({ cause, is_waste }: CauseSpend): string => `${causeText(cause)}${is_waste === 1 ? " *" : ""}`;

const causeColumns = (total: string): Column<CauseSpend>[] => [
  { heading: "cause", show: causeName, width: 28 },
  { heading: "cost", show: (row) => knownUsd(row.known_cost_usd, row.unpriced_calls !== "0"), align: "right" },
  { heading: "share", show: (row) => share(row.known_cost_usd, total), align: "right" },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  { heading: "tokens", show: (row) => compact(row.tokens), align: "right" },
];

const counted = (number: string, one: string): string => `${count(number)} ${number === "1" ? one : `${one}s`}`;
