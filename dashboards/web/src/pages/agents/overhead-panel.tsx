import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { countColumn, moneyColumn, nameColumn } from "../../components/columns.tsx";

/** A row of the view `agent_overhead`. */
interface Overhead {
  readonly root_agent: string;
  readonly traces: string;
  readonly unpriced: string;
  readonly known_cost_usd: string;
  readonly coordination_known_cost_usd: string;
  readonly handed_over_known_cost_usd: string;
  readonly direct_known_cost_usd: string;
  readonly multiplier: number | null;
}

/** What working with several agents costs over the work itself. */
export function OverheadPanel(): JSX.Element {
  const view = useView<Overhead>("agent_overhead", { ...range.value });
  return (
    <Panel
      title="What working together costs"
      question="Coordination and context handed over, beside the work itself, for each agent at the root of others."
      view={view}
      note="The multiplier is the whole cost over that of the direct work: 1 for an agent alone."
    >
      <DataTable label="Overhead" rows={view.rows} columns={columns} maxHeight={300} />
    </Panel>
  );
}

const isIncomplete = ({ unpriced }: Overhead): boolean => unpriced !== "0";

const columns: TableColumn<Overhead>[] = [
  nameColumn("root", "Root agent", (row) => row.root_agent, "no agent"),
  countColumn("traces", "Traces", (row) => row.traces),
  moneyColumn("direct", "Direct work", (row) => row.direct_known_cost_usd, isIncomplete),
  moneyColumn("coordination", "Coordination", (row) => row.coordination_known_cost_usd),
  moneyColumn("handed", "Handed over", (row) => row.handed_over_known_cost_usd),
  moneyColumn("cost", "In all", (row) => row.known_cost_usd, isIncomplete),
  {
    key: "multiplier",
    title: "Multiplier",
    isNumber: true,
    value: (row) => row.multiplier,
    render: ({ multiplier }) => (multiplier === null ? "–" : `× ${multiplier.toFixed(2)}`),
  },
];
