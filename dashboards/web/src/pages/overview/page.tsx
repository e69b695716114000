import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  model: string | null;
  known_cost_usd: string | null;
}

/** Where the money went, what changed, and what to change first. */
export function OverviewPage(): JSX.Element {
  const view = useView<Row>("model_cost", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel title="Models" question="What each model cost." view={view}>
        <DataTable
          label="Models"
          rows={view.rows}
          columns={[
            { key: "model", title: "model", isNumber: false, value: (row) => row.model },
            { key: "known_cost_usd", title: "known cost usd", isNumber: true, value: (row) => row.known_cost_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
