import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  reason: string | null;
  model: string | null;
  calls: string | null;
}

/** How far the numbers can be trusted. */
export function HealthPage(): JSX.Element {
  const view = useView<Row>("price_coverage", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel title="Price coverage" question="Which calls have a price, and why the others do not." view={view}>
        <DataTable
          label="Price coverage"
          rows={view.rows}
          columns={[
            { key: "reason", title: "reason", isNumber: false, value: (row) => row.reason },
            { key: "model", title: "model", isNumber: false, value: (row) => row.model },
            { key: "calls", title: "calls", isNumber: true, value: (row) => row.calls },
          ]}
        />
      </Panel>
    </div>
  );
}
