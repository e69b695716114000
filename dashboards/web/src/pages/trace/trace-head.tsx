import type { JSX } from "preact";
import { Stats, type Stat } from "../../components/stats.tsx";
import { atLeast, count, duration, share, type Amount } from "../../data/money.ts";
import { counted, reasonText } from "../../data/words.ts";
import { useView } from "../../data/view.ts";
import type { SpanNode } from "../../icicle/span-tree.ts";
import type { CallRow } from "./call-row.ts";
import type { TimeRange } from "../../data/instant.ts";

interface TotalRow {
  readonly calls: string;
  readonly input_tokens: Amount;
  readonly output_tokens: Amount;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

interface TraceHeadProps {
  readonly traceId: string;
  readonly root: SpanNode;
  readonly calls: readonly CallRow[];
  readonly time: TimeRange | undefined;
}

/** What a trace cost in all, and what of that is not certain. */
export function TraceHead({ traceId, root, calls, time }: TraceHeadProps): JSX.Element {
  const parameters = time && { ...time, in_trace: traceId, in_conversation: "", in_service: "" };
  const [total] = useView<TotalRow>("selection_total", parameters).rows;
  return (
    <header class="page-summary">
      <div>
        <code>{traceId}</code>
        <p class="faint">
          {time === undefined
            ? ""
            : `${time.from.slice(0, 19)} UTC, ${duration((root.endedAt - root.startedAt) * 1e6)}`}
        </p>
      </div>
      {total === undefined ? null : <Stats stats={statsOf(total, root)} />}
      <Uncertain calls={calls} />
    </header>
  );
}

const statsOf = (total: TotalRow, root: SpanNode): readonly Stat[] => [
  { name: "Total cost", value: atLeast(total.known_cost_usd, total.unpriced_calls !== "0"), isMain: true },
  { name: "Model calls", value: count(total.calls) },
  {
    name: "Tokens in",
    value: count(total.input_tokens),
    note: `${share(String(root.total.cached), total.input_tokens)} from cache`,
  },
  { name: "Tokens out", value: count(total.output_tokens) },
];

/** What is estimated, unpriced or told twice, in a line for each. */
function Uncertain({ calls }: { calls: readonly CallRow[] }): JSX.Element | null {
  const bills = calls.filter(({ billed_by }) => billed_by === "");
  const reasons = new Map<string, number>();
  for (const { cost_usd, unpriced } of bills) {
    if (cost_usd === null) reasons.set(unpriced, (reasons.get(unpriced) ?? 0) + 1);
  }
  const sourced = (source: string): number => bills.filter(({ usage_source }) => usage_source === source).length;
  const [estimated, partial] = [sourced("estimated"), sourced("partial")];
  const reports = calls.length - bills.length;
  const lines = [
    ...[...reasons].map(([reason, number]) => `${counted(number, "call")} of unknown cost: ${reasonText(reason)}`),
    ...(estimated > 0 ? [`${counted(estimated, "call")} with token counts estimated here`] : []),
    ...(partial > 0 ? [`${counted(partial, "call")} with only a part of the usage reported`] : []),
    ...(reports > 0 ? [`${counted(reports, "call")} reported more than once, billed once`] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <ul class="uncertain" aria-label="What is not certain">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
