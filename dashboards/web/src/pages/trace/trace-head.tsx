import type { JSX } from "preact";
import { Figures, type Figure } from "../../components/figures.tsx";
import { atLeast, count, duration, share, type Amount } from "../../data/money.ts";
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
      {total === undefined ? null : <Figures figures={figuresOf(total, root)} />}
      <Uncertain calls={calls} />
    </header>
  );
}

const figuresOf = (total: TotalRow, root: SpanNode): readonly Figure[] => [
  { name: "Total cost", value: atLeast(total.known_cost_usd, total.unpriced_calls !== "0") },
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
  const estimated = bills.filter(
    ({ usage_source }) => usage_source === "estimated" || usage_source === "partial",
  ).length;
  const reports = calls.length - bills.length;
  const lines = [
    ...[...reasons].map(([reason, number]) => `${calledTimes(number)} of unknown cost: ${reason}`),
    ...(estimated > 0 ? [`${calledTimes(estimated)} with token counts estimated here`] : []),
    ...(reports > 0 ? [`${calledTimes(reports)} reported more than once, billed once`] : []),
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

const calledTimes = (number: number): string => (number === 1 ? "1 call" : `${number} calls`);
