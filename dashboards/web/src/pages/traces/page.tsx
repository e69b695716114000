import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  trace_id: string | null;
  calls: string | null;
  known_cost_usd: string | null;
}

/** Every trace, by what it cost with all that ran under it. */
export function TracesPage(): JSX.Element {
  const view = useView<Row>("trace_cost", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel title="Traces" question="What each trace cost, dearest first." view={view}>
        <DataTable
          label="Traces"
          rows={view.rows}
          columns={[
            { key: "trace_id", title: "trace id", isNumber: false, value: (row) => row.trace_id },
            { key: "calls", title: "calls", isNumber: true, value: (row) => row.calls },
            { key: "known_cost_usd", title: "known cost usd", isNumber: true, value: (row) => row.known_cost_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
