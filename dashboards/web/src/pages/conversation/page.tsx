import type { JSX } from "preact";
import { Stats, type Stat } from "../../components/stats.tsx";
import { ContextGrowth } from "../../conversation/context-growth.tsx";
import { atLeast, count, duration, type Amount } from "../../data/money.ts";
import { linkTo, selection, type Selection } from "../../data/selection.ts";
import { nextInstant } from "../../data/instant.ts";
import { useView } from "../../data/view.ts";
import type { PageProps } from "../index.ts";

/** A row of `selection_total`. */
interface TotalRow {
  readonly calls: string;
  readonly traces: string;
  readonly first_call_at: string | null;
  readonly last_call_at: string | null;
  readonly input_tokens: Amount;
  readonly output_tokens: Amount;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

/** One conversation: how its context grew turn by turn, what was read again, and what the cache did in between. */
export function ConversationPage({ names }: PageProps): JSX.Element {
  const id = names["conversation_id"] ?? "";
  const { from, to } = selection.value;
  const chosen = { from, to, in_trace: "", in_conversation: id, in_service: "" };
  const [total] = useView<TotalRow>("selection_total", chosen).rows;
  return (
    <div class="grid">
      <header class="page-summary">
        <div>
          <code>{id}</code>
          <p class="faint">{total === undefined ? "" : extentOf(total)}</p>
        </div>
        {total === undefined ? null : <Stats stats={statsOf(total)} />}
        <a href={linkTo("/traces", { in_conversation: id })}>Its traces</a>
      </header>
      <ContextGrowth selection={total && during(chosen, total)} />
    </div>
  );
}

/** No wider than the conversation: views over its time then read hardly any other call. */
function during(chosen: Selection, { first_call_at, last_call_at }: TotalRow): Selection {
  if (first_call_at === null || last_call_at === null) return chosen;
  return { ...chosen, from: first_call_at, to: nextInstant(last_call_at) };
}

const statsOf = (total: TotalRow): readonly Stat[] => [
  { name: "Total cost", value: atLeast(total.known_cost_usd, total.unpriced_calls !== "0"), isMain: true },
  { name: "Model calls", value: count(total.calls) },
  { name: "Tokens in", value: count(total.input_tokens) },
  { name: "Tokens out", value: count(total.output_tokens) },
];

function extentOf({ first_call_at, last_call_at, traces, unpriced_calls }: TotalRow): string {
  if (first_call_at === null || last_call_at === null) return "No call of it in this range of time.";
  const time = (instant: string): number => Date.parse(`${instant.slice(0, 23).replace(" ", "T")}Z`);
  return [
    `${first_call_at.slice(0, 19)} UTC, over ${duration((time(last_call_at) - time(first_call_at)) * 1e6)}`,
    traces === "1" ? "1 trace" : `${count(traces)} traces`,
    ...(unpriced_calls === "0" ? [] : [`${count(unpriced_calls)} of unknown cost`]),
  ].join(", ");
}
