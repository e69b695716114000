import type { JSX } from "preact";
import { BarList } from "../../components/bar-list.tsx";
import { Panel } from "../../components/panel.tsx";
import { type Amount, atLeast, estimated, usd } from "../../data/money.ts";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { nameOr } from "../../data/words.ts";

interface Budget {
  readonly scope: string;
  readonly name: string;
  readonly period: string;
  readonly limit_usd: Amount;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly remaining_usd: Amount;
  readonly share_spent: number | null;
  readonly share_of_time: number;
  readonly pace: number | null;
  readonly estimated_usd: number | null;
}

/** How much of each budget is spent, and whether it will last. */
export function Budgets(): JSX.Element {
  const view = useView<Budget>("budget_status", { at: lastInstantOf(range.value.to) });
  return (
    <Panel
      class="half"
      title="Budgets"
      question="What is spent of each budget in its present period, and what the period costs at this pace."
      view={view}
      empty={
        <>
          <p>No budget is in force.</p>
          <p>
            <code>tokenledger import budgets limits.csv</code> sets them; its <code>--help</code> has an example.
          </p>
        </>
      }
      note="What a period costs at this pace is an estimate; calls of unknown cost come on top."
    >
      <BarList
        label="Budgets, by the share that is spent"
        bars={view.rows
          .toSorted((one, other) => (other.share_spent ?? 0) - (one.share_spent ?? 0))
          .map((budget) => ({
            key: `${budget.scope} ${budget.name} ${budget.period}`,
            name: `${budget.scope === "all" ? "everything" : `${budget.scope} ${nameOr(budget.name)}`}, each ${budget.period}`,
            // Bars say the share; what is overspent is full.
            amount: String(Math.min(1, budget.share_spent ?? 0)),
            text: `${atLeast(budget.known_cost_usd, budget.unpriced_calls !== "0", 2)} of ${usd(budget.limit_usd, 2)}`,
            note: noteOf(budget),
            colour: colourOf(budget),
          }))}
        longest={1}
      />
    </Panel>
  );
}

/**
 * Budgets are about now, or about the last instant of a range that is past. Now is the end of its minute: it is asked
 * once in a minute, and no call so far is left out.
 */
const lastInstantOf = (to: string): string => {
  const now = Date.now();
  return new Date(Math.min(Date.parse(to) - 1, now - (now % 60_000) + 59_999)).toISOString();
};

function noteOf({
  share_spent: spent,
  share_of_time: gone,
  pace,
  estimated_usd: estimate,
  remaining_usd: left,
}: Budget): string {
  const percent = (part: number | null): string => (part === null ? "an unknown share" : `${Math.round(100 * part)} %`);
  return [
    `${percent(spent)} spent, ${percent(gone)} of the time gone`,
    left?.startsWith("-") === true ? `${usd(left.slice(1), 2)} over` : `${usd(left, 2)} left`,
    ...(pace === null || estimate === null ? [] : [`about ${usd(estimated(estimate), 2)} at this pace`]),
  ].join(" · ");
}

function colourOf({ share_spent: spent, pace }: Budget): string {
  if (spent !== null && spent > 1) return "--bad";
  return pace !== null && pace > 1 ? "--series-2" : "--series-3";
}
