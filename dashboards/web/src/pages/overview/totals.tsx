import type { JSX } from "preact";
import { Panel } from "../../components/panel.tsx";
import { type Stat, Stats } from "../../components/stats.tsx";
import { ledgerStatus } from "../../data/live.ts";
import { atLeast, compact, count, share, sumUsd, usd } from "../../data/money.ts";
import type { LedgerTotal } from "../../data/rows.ts";
import { linkTo, range, rangeBefore, select, wholeLedger } from "../../data/selection.ts";
import { instantOf, timeText } from "../../data/time.ts";
import { useView } from "../../data/view.ts";
import { counted } from "../../data/words.ts";

/** Everything in one row, beside what the period before it cost. */
export function Totals(): JSX.Element {
  const view = useView<LedgerTotal>("ledger_total", { ...range.value });
  const before = useView<LedgerTotal>("ledger_total", rangeBefore.value && { ...rangeBefore.value });
  // The view has one row even where there is nothing: that is empty to people.
  const rows = view.rows.filter(({ calls }) => calls !== "0");
  const [total] = rows;
  return (
    <Panel
      title="In all"
      question="What was spent, how much of it is known, and what was counted once though reported twice."
      view={{ ...view, rows }}
      empty={<NothingHere />}
      note={total === undefined ? null : reconciliation(total)}
    >
      {total === undefined ? null : <Stats stats={statsOf(total, before.rows[0])} />}
    </Panel>
  );
}

function statsOf(total: LedgerTotal, before: LedgerTotal | undefined): readonly Stat[] {
  const { calls, traces, input_tokens: input, output_tokens: output, unpriced_calls: unpriced } = total;
  return [
    {
      name: "Spent",
      value: atLeast(total.known_cost_usd, unpriced !== "0"),
      note: before === undefined ? undefined : changeText(total, before),
      isMain: true,
    },
    { name: "Calls", value: count(calls), note: counted(traces, "trace"), href: linkTo("/traces") },
    { name: "Tokens in", value: compact(input), note: `${share(total.cache_read_tokens, input)} from cache` },
    {
      name: "Tokens out",
      value: compact(output),
      note:
        total.reasoning_tokens === null
          ? "reasoning not told apart"
          : `${share(total.reasoning_tokens, output)} reasoning`,
    },
    {
      name: "Calls of unknown cost",
      value: count(unpriced),
      note: unpriced === "0" ? "every call has a price" : "counted, never as zero",
      href: linkTo("/health"),
      isWarning: unpriced !== "0",
    },
  ];
}

function changeText(total: LedgerTotal, before: LedgerTotal): string {
  if (before.calls === "0") return "nothing in the period before";
  const change = sumUsd([total.known_cost_usd, negated(before.known_cost_usd)]);
  const isLess = change.startsWith("-");
  const percent = share(isLess ? change.slice(1) : change, before.known_cost_usd);
  return `${isLess ? "" : "+"}${usd(change)} (${percent}) against the period before`;
}

const negated = (amount: string): string => (amount.startsWith("-") ? amount.slice(1) : `-${amount}`);

/** The line that proves that the agents' costs add up, with what was left out of the sum. */
const reconciliation = (total: LedgerTotal): string =>
  [
    `${usd(total.known_cost_usd)} = agents ${usd(total.agent_cost_usd)} + no agent ${usd(total.agentless_cost_usd)}`,
    ...(total.retries === "0" ? [] : [counted(total.retries, "retry", "retries")]),
    ...(total.repeated_reports === "0" ? [] : [`${counted(total.repeated_reports, "repeated report")} counted once`]),
    ...(total.unfinished_calls === "0" ? [] : [`${counted(total.unfinished_calls, "call")} failed or broke off`]),
  ].join("; ");

/** What to do where there is nothing: look elsewhere, or bring something in. */
function NothingHere(): JSX.Element {
  const newest = ledgerStatus.value?.newest_call_at ?? null;
  if (newest !== null) {
    return (
      <>
        <p>No model calls in this range of time. The newest in the ledger began on {timeText(instantOf(newest))}.</p>
        <button type="button" onClick={() => select({ from: wholeLedger, to: "" })}>
          Show all time
        </button>
      </>
    );
  }
  return (
    <>
      <p>The ledger is empty. Run an app under the hook, or bring in the sessions of a coding agent:</p>
      <pre>
        node --import tokenledger/register app.js{"\n"}
        tokenledger import claude-code ~/.claude/projects
      </pre>
      <p class="faint">
        What comes in appears here by itself. If something should be here, tokenledger doctor says what keeps it out.
      </p>
    </>
  );
}
