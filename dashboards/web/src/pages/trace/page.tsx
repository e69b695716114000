import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { useView } from "../../data/view.ts";
import type { PageProps } from "../index.ts";

interface Row {
  name: string | null;
  known_cost_usd: string | null;
}

/** One trace: what each of its agents, steps and calls cost. */
export function TracePage({ names }: PageProps): JSX.Element {
  const view = useView<Row>("trace_tree", { trace_id: names["trace_id"] ?? "" });
  return (
    <div class="grid">
      <Panel title="Trace" question="What each span cost by itself and with all that ran under it." view={view}>
        <DataTable
          label="Trace"
          rows={view.rows}
          columns={[
            { key: "name", title: "name", isNumber: false, value: (row) => row.name },
            { key: "known_cost_usd", title: "known cost usd", isNumber: true, value: (row) => row.known_cost_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
