import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { compareUsd, count, drawn, sumUsd } from "../../data/money.ts";
import type { StepCost } from "../../data/rows.ts";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { countColumn, moneyColumn } from "../../components/columns.tsx";
import { type Step, StepColumns } from "../../flow/step-columns.tsx";

/** How the loop of an agent grows, step by step: of the one that is looked at, else of the dearest. */
export function StepsPanel({ selected }: { readonly selected: string | undefined }): JSX.Element {
  const view = useView<StepCost>("step_cost", { ...range.value });
  const agent = selected ?? dearestOf(view.rows);
  const rows = view.rows.filter(({ agent_name }) => agent_name === agent);
  const name = agent === "" ? "calls of no agent" : agent;
  return (
    <Panel
      title={`Step by step: ${name ?? ""}`}
      question="Does a run get dearer as it goes on? Tokens that a call of the step reads on average."
      view={view}
      note="Step 0 holds calls whose place in the loop is not known. Choose an agent above to see its steps."
    >
      {rows.length === 0 ? (
        <p class="sum">{name} made no calls of its own in this range of time.</p>
      ) : (
        <>
          <StepColumns label={`Mean input tokens by step of ${name}`} steps={rows.map(stepOf)} />
          <DataTable label="Steps" rows={rows} columns={columns} maxHeight={300} />
        </>
      )}
    </Panel>
  );
}

/** The agent whose own calls cost most. */
function dearestOf(rows: readonly StepCost[]): string | undefined {
  const totals = [...Map.groupBy(rows, ({ agent_name }) => agent_name)].map(([name, own]) => ({
    name,
    total: sumUsd(own.map(({ known_cost_usd }) => known_cost_usd)),
  }));
  return totals.toSorted((one, other) => compareUsd(other.total, one.total))[0]?.name;
}

/** The cached part is drawn in the share that it has of all input of the step. */
function stepOf(row: StepCost): Step {
  const mean = row.mean_input_tokens ?? 0;
  const cached = drawn(row.input_tokens) === 0 ? 0 : drawn(row.cache_read_tokens) / drawn(row.input_tokens);
  return {
    step: row.agent_step,
    tokens: mean,
    cached: mean * cached,
    words: `Step ${row.agent_step}: ${count(row.mean_input_tokens)} tokens on average, ${count(row.calls)} calls`,
  };
}

const columns: TableColumn<StepCost>[] = [
  { key: "step", title: "Step", value: (row) => row.agent_step },
  countColumn("calls", "Calls", (row) => row.calls),
  countColumn("mean", "Mean tokens in", (row) => row.mean_input_tokens),
  countColumn("in", "Tokens in", (row) => row.input_tokens),
  countColumn("cached", "From cache", (row) => row.cache_read_tokens),
  countColumn("out", "Tokens out", (row) => row.output_tokens),
  moneyColumn(
    "cost",
    "Cost",
    (row) => row.known_cost_usd,
    (row) => row.unpriced_calls !== "0",
  ),
];
