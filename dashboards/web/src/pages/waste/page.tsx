import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  cause: string | null;
  known_cost_usd: string | null;
}

/** Why the money was spent, and what of it was waste. */
export function WastePage(): JSX.Element {
  const view = useView<Row>("spend_by_cause", { ...selection.value, by: "" });
  return (
    <div class="grid">
      <Panel title="Waste" question="Where the money went by cause." view={view}>
        <DataTable
          label="Waste"
          rows={view.rows}
          columns={[
            { key: "cause", title: "cause", isNumber: false, value: (row) => row.cause },
            { key: "known_cost_usd", title: "known cost usd", isNumber: true, value: (row) => row.known_cost_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
