import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";

interface Row {
  measure: string | null;
  saved_usd: string | null;
}

/** What the same calls would have cost otherwise. */
export function WhatIfPage(): JSX.Element {
  const view = useView<Row>("savings", { ...selection.value, turns: 0, summary_tokens: 0 });
  return (
    <div class="grid">
      <Panel title="What if" question="What to change first." view={view}>
        <DataTable
          label="What if"
          rows={view.rows}
          columns={[
            { key: "measure", title: "measure", isNumber: false, value: (row) => row.measure },
            { key: "saved_usd", title: "saved usd", isNumber: true, value: (row) => row.saved_usd },
          ]}
        />
      </Panel>
    </div>
  );
}
