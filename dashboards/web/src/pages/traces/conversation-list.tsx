import type { JSX } from "preact";
import {
  cachedColumn,
  costColumn,
  countColumn,
  instantColumn,
  nameColumn,
  tokensColumn,
} from "../../components/columns.tsx";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import type { Amount } from "../../data/money.ts";
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
  nameColumn("conversation", "Conversation", ({ conversation_id }) => conversation_id),
  costColumn("Total cost"),
  { key: "customer", title: "Customer", value: ({ customer_id }) => customer_id },
  instantColumn("began", "Began (UTC)", ({ first_call_at }) => first_call_at),
  { key: "agents", title: "Agents", value: ({ agents }) => agents.join(", ") },
  countColumn("traces", "Traces", ({ traces }) => traces),
  countColumn("calls", "Calls", ({ calls }) => calls),
  tokensColumn("largest", "Largest context", ({ largest_input_tokens }) => largest_input_tokens),
  tokensColumn("input", "Tokens in", ({ input_tokens }) => input_tokens),
  cachedColumn("From cache"),
];
