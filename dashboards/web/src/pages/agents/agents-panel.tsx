import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { atLeast, drawn, share, sumUsd } from "../../data/money.ts";
import type { AgentCost } from "../../data/rows.ts";
import { range } from "../../data/selection.ts";
import { addressWith } from "../../data/url-state.ts";
import { useView, type ViewState } from "../../data/view.ts";
import { countColumn, nameColumn } from "../../components/columns.tsx";

/** What each agent cost by itself, and with all that ran under it. */
export function AgentsPanel({ selected }: { readonly selected: string | undefined }): JSX.Element {
  const view = useView<AgentCost>("agent_cost", { ...range.value });
  return (
    <Panel
      title="What agents cost"
      question="Each by its own calls, and with all agents that ran under it."
      view={view}
      note="Self costs sum to everything spent; inclusive costs do not, for a call counts for every agent above it."
    >
      <Sum view={view} />
      <DataTable
        label="Agents"
        rows={view.rows}
        columns={columnsOf(view.rows, selected)}
        order="-inclusive"
        href={({ agent_name }) => addressWith({ agent: `=${agent_name}` })}
        maxHeight={380}
      />
    </Panel>
  );
}

function Sum({ view }: { readonly view: ViewState<AgentCost> }): JSX.Element {
  const isIncomplete = view.rows.some(({ self_unpriced_calls }) => self_unpriced_calls !== "0");
  const sum = (rows: readonly AgentCost[]): string =>
    sumUsd(rows.map(({ self_known_cost_usd }) => self_known_cost_usd));
  const whole = sum(view.rows);
  const outside = sum(view.rows.filter(({ agent_name }) => agent_name === ""));
  return (
    <p class="sum">
      <b data-figure="agents">{atLeast(whole, isIncomplete)}</b> in all, {share(outside, whole)} of it outside every
      agent.
    </p>
  );
}

function columnsOf(rows: readonly AgentCost[], selected: string | undefined): TableColumn<AgentCost>[] {
  const most = Math.max(...rows.map((row) => drawn(row.inclusive_known_cost_usd)), 0);
  const bar = (amount: string, isIncomplete: boolean): JSX.Element => (
    <span class="cell-bar">
      <i aria-hidden="true" style={{ width: `${most === 0 ? 0 : (100 * drawn(amount)) / most}%` }} />
      <span>{atLeast(amount, isIncomplete)}</span>
    </span>
  );
  return [
    {
      ...nameColumn<AgentCost>("agent", "Agent", (row) => row.agent_name, "no agent"),
      ...(selected !== undefined && {
        render: (row: AgentCost) => (
          <span class={row.agent_name === selected ? "chosen" : ""}>{row.agent_name || "no agent"}</span>
        ),
      }),
    },
    {
      key: "self",
      title: "Self",
      isNumber: true,
      value: (row) => row.self_known_cost_usd,
      render: (row) => bar(row.self_known_cost_usd, row.self_unpriced_calls !== "0"),
    },
    {
      key: "inclusive",
      title: "Inclusive",
      isNumber: true,
      value: (row) => row.inclusive_known_cost_usd,
      render: (row) => bar(row.inclusive_known_cost_usd, row.inclusive_unpriced_calls !== "0"),
    },
    countColumn("calls", "Own calls", (row) => row.self_calls),
    countColumn("all-calls", "All calls", (row) => row.inclusive_calls),
    countColumn("unpriced", "Without cost", (row) => row.self_unpriced_calls),
    countColumn("in", "Own tokens in", (row) => row.self_input_tokens),
    countColumn("out", "Own tokens out", (row) => row.self_output_tokens),
  ];
}
