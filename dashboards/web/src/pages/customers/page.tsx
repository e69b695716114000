import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  customer_id: string | null;
  known_cost_usd: string | null;
}

/** Who it was for: what customers and features cost and earned. */
export function CustomersPage(): JSX.Element {
  const view = useView<Row>("customer_cost", { from: selection.value.from, to: selection.value.to });
  return (
    <div class="grid">
      <Panel title="Customers" question="What each customer cost." view={view}>
        <DataTable
          label="Customers"
          rows={view.rows}
          columns={[
            { key: "customer_id", title: "customer id", isNumber: false, value: (row) => row.customer_id },
            { key: "known_cost_usd", title: "known cost usd", isNumber: true, value: (row) => row.known_cost_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
