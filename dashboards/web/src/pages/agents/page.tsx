import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  agent_name: string | null;
  self_known_cost_usd: string | null;
  inclusive_known_cost_usd: string | null;
}

/** What agents cost, and how work flows between them. */
export function AgentsPage(): JSX.Element {
  const view = useView<Row>("agent_cost", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel
        title="Agents"
        question="What each agent cost: its own calls, and with all agents that ran under it."
        view={view}
      >
        <DataTable
          label="Agents"
          rows={view.rows}
          columns={[
            { key: "agent_name", title: "agent name", isNumber: false, value: (row) => row.agent_name },
            {
              key: "self_known_cost_usd",
              title: "self known cost usd",
              isNumber: true,
              value: (row) => row.self_known_cost_usd,
            },
            {
              key: "inclusive_known_cost_usd",
              title: "inclusive known cost usd",
              isNumber: true,
              value: (row) => row.inclusive_known_cost_usd,
            },
          ]}
        />
      </Panel>
    </div>
  );
}
