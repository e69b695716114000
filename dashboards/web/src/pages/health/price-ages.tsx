import type { JSX } from "preact";
import { countColumn, moneyColumn } from "../../components/columns.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import type { PriceAge } from "../../data/rows.ts";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { counted } from "../../data/words.ts";

/** How old the prices are that calls were priced with. */
export function PriceAges(): JSX.Element {
  const view = useView<PriceAge>("price_age", { ...range.value });
  const stale = view.rows.filter((row) => row.stale_components.length > 0).length;
  const replaced = view.rows.filter((row) => !row.in_force).length;
  return (
    <Panel
      title="How old the prices are"
      question="When somebody last checked the prices that calls were priced with, and which an earlier catalogue priced."
      view={view}
      note={[
        stale === 0
          ? "None of them is stale"
          : `${counted(stale, "model")} with stale prices: tokenledger prices refresh brings newer ones`,
        replaced === 0
          ? "all by the catalogue in force"
          : `${counted(replaced, "model")} by an earlier catalogue: tokenledger reprice --dry-run shows what newer prices change`,
      ].join("; ")}
    >
      <DataTable
        label="Age of prices by model"
        id="ages"
        rows={view.rows}
        maxHeight={320}
        columns={[
          { key: "model", title: "model", value: (row) => row.model },
          { key: "provider", title: "provider", value: (row) => row.provider },
          { key: "tier", title: "tier", value: (row) => row.service_tier },
          { key: "checked", title: "last checked", value: (row) => checkedText(row.oldest_check) },
          {
            key: "stale",
            title: "stale",
            value: (row) => row.stale_components.length,
            render: (row) =>
              row.stale_components.length === 0 ? "–" : <span class="warn">{row.stale_components.join(", ")}</span>,
          },
          { key: "catalogue", title: "catalogue", value: (row) => (row.in_force ? "in force" : "earlier") },
          countColumn("calls", "calls", (row: PriceAge) => row.calls),
          moneyColumn("cost", "cost", (row: PriceAge) => row.known_cost_usd),
        ]}
      />
    </Panel>
  );
}

/** 1970 stands where a source does not say when it was checked. */
const checkedText = (day: string | null): string | null => (day === "1970-01-01" ? "date not told" : day);
