import { count, knownUsd, usd } from "../output/numbers.ts";
import { dim } from "../output/style.ts";
import { table, type Column } from "../output/table.ts";
import type { Amount } from "../rows.ts";

/** What some calls cost, and would have cost: a row of any view `what_if_…`. */
export interface Alternative {
  /** Of caching; rows of different plans are alternatives to each other. */
  plan?: string;
  model: string;
  agent_name: string;
  calls: string;
  changed_calls: string;
  unpriced_calls: string;
  unrecorded_calls?: string;
  cost_usd: Amount;
  known_cost_usd: string;
  what_if_cost_usd: string;
  saved_usd: string;
}

/** The rows as a table of 80 columns. */
export function alternativeTable(rows: readonly Alternative[]): string {
  const changed = rows.filter((row) => row.changed_calls !== "0");
  if (changed.length === 0) return "Nothing changes.";
  const hasPlans = rows.some(({ plan }) => plan !== undefined);
  const more = changed.length > longest ? dim(`\n… and ${changed.length - longest} more: --json has them all`) : "";
  return `${table(changed.slice(0, longest), hasPlans ? [planColumn, ...columns] : columns)}${more}`;
}

/** Rows at most; those in which nothing changes are left out. */
const longest = 30;

const planColumn: Column<Alternative> = { heading: "plan", show: (row) => row.plan ?? "", width: 7 };

const columns: Column<Alternative>[] = [
  { heading: "model", show: (row) => row.model || "(unknown)", width: 17 },
  { heading: "agent", show: (row) => row.agent_name || "(no agent)", width: 12 },
  { heading: "changed", show: (row) => `${count(row.changed_calls)}/${count(row.calls)}`, align: "right" },
  { heading: "cost", show: (row) => knownUsd(row.known_cost_usd, row.cost_usd === null), align: "right" },
  { heading: "what if", show: (row) => usd(row.what_if_cost_usd), align: "right" },
  { heading: "saved", show: (row) => usd(row.saved_usd), align: "right" },
];
