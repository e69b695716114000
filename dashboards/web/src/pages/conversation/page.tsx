import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  conversation_id: string | null;
  turn: string | null;
}

/** One conversation, turn by turn. */
export function ConversationPage(): JSX.Element {
  const view = useView<Row>("context_tax_by_turn", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel title="Conversation" question="What was paid for context that had been read before." view={view}>
        <DataTable
          label="Conversation"
          rows={view.rows}
          columns={[
            { key: "conversation_id", title: "conversation id", isNumber: false, value: (row) => row.conversation_id },
            { key: "turn", title: "turn", isNumber: true, value: (row) => row.turn },
          ]}
        />
      </Panel>
    </div>
  );
}
