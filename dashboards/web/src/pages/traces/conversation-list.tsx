import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { atLeast, compact, count, share, type Amount } from "../../data/money.ts";
import { linkTo, selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

/** A row of `conversation_cost`. */
interface ConversationRow {
  readonly customer_id: string;
  readonly conversation_id: string;
  readonly first_call_at: string;
  readonly traces: string;
  readonly agents: readonly string[];
  readonly calls: string;
  readonly largest_input_tokens: Amount;
  readonly input_tokens: Amount;
  readonly cache_read_tokens: Amount;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

/** Every conversation with its whole cost, and how large its context grew. */
export function ConversationList(): JSX.Element {
  const { from, to } = selection.value;
  const view = useView<ConversationRow>("conversation_cost", { from, to });
  return (
    <Panel
      title="Conversations"
      question="What each conversation cost, and how large its context grew."
      view={view}
      note="Calls that carry no conversation stand in one row without a name: their traces show them."
    >
      <DataTable
        id="conversations"
        label="Conversations"
        rows={view.rows}
        columns={columns}
        maxHeight={640}
        href={({ conversation_id }) =>
          conversation_id === "" ? linkTo("/traces") : linkTo(`/conversation/${encodeURIComponent(conversation_id)}`)
        }
      />
    </Panel>
  );
}

const columns: readonly TableColumn<ConversationRow>[] = [
  {
    key: "conversation",
    title: "Conversation",
    value: ({ conversation_id }) => conversation_id,
    render: ({ conversation_id }) => conversation_id || "none",
  },
  {
    key: "cost",
    title: "Total cost",
    isNumber: true,
    value: ({ known_cost_usd }) => known_cost_usd,
    render: ({ known_cost_usd, unpriced_calls }) => atLeast(known_cost_usd, unpriced_calls !== "0"),
  },
  { key: "customer", title: "Customer", value: ({ customer_id }) => customer_id },
  {
    key: "began",
    title: "Began (UTC)",
    value: ({ first_call_at }) => first_call_at,
    render: ({ first_call_at }) => first_call_at.slice(0, 19),
  },
  { key: "agents", title: "Agents", value: ({ agents }) => agents.join(", ") },
  {
    key: "traces",
    title: "Traces",
    isNumber: true,
    value: ({ traces }) => traces,
    render: ({ traces }) => count(traces),
  },
  { key: "calls", title: "Calls", isNumber: true, value: ({ calls }) => calls, render: ({ calls }) => count(calls) },
  {
    key: "largest",
    title: "Largest context",
    isNumber: true,
    value: ({ largest_input_tokens }) => largest_input_tokens,
    render: ({ largest_input_tokens }) => compact(largest_input_tokens),
  },
  {
    key: "input",
    title: "Tokens in",
    isNumber: true,
    value: ({ input_tokens }) => input_tokens,
    render: ({ input_tokens }) => compact(input_tokens),
  },
  {
    key: "cached",
    title: "From cache",
    isNumber: true,
    value: ({ cache_read_tokens }) => cache_read_tokens,
    render: ({ cache_read_tokens, input_tokens }) => share(cache_read_tokens, input_tokens),
  },
];
