import type { JSX } from "preact";
import { Choice } from "../../components/choice.tsx";
import { cachedColumn, costColumn, countColumn, instantColumn, tokensColumn } from "../../components/columns.tsx";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { count, type Amount } from "../../data/money.ts";
import { linkTo, selection } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";

/** A row of `trace_list`. */
interface TraceRow {
  readonly trace_id: string;
  readonly first_call_at: string;
  readonly last_call_at: string;
  readonly service_name: string;
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly calls: string;
  readonly unfinished_calls: string;
  readonly input_tokens: Amount;
  readonly cache_read_tokens: Amount;
  readonly output_tokens: Amount;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly traces: string;
}

/** More are not listed: the ledger sorts them all, and these come first. */
const mostRows = 500;

const sorts = [
  ["", "Dearest"],
  ["newest", "Newest"],
  ["calls", "Most calls"],
  ["input", "Most tokens in"],
] as const;

/** Every trace with its whole cost, sub-agents included once. */
export function TraceList(): JSX.Element {
  const [sort, setSort] = useUrlState("sort");
  const { from, to, in_conversation, in_service } = selection.value;
  const view = useView<TraceRow>("trace_list", { from, to, in_conversation, in_service, sort, max_rows: mostRows });
  const all = Number(view.rows[0]?.traces ?? 0);
  const unpriced = view.rows.filter(({ unpriced_calls }) => unpriced_calls !== "0").length;
  return (
    <Panel
      title="Traces"
      question="What each trace cost, with all agents that ran in it."
      view={view}
      note={
        <>
          {all > view.rows.length ? `${count(view.rows.length)} of ${count(all)} traces` : `${count(all)} traces`}
          {unpriced === 0 ? "" : `, ${count(unpriced)} of them with calls of unknown cost`}.
        </>
      }
      controls={
        <Choice
          label="First"
          value={sorts.find(([key]) => key === sort)?.[0] ?? ""}
          options={sorts}
          onChoose={setSort}
        />
      }
    >
      <DataTable
        id="traces"
        label="Traces"
        rows={view.rows}
        columns={columns}
        maxHeight={640}
        href={({ trace_id }) => linkTo(`/trace/${trace_id}`)}
      />
    </Panel>
  );
}

/** Names in a line; what does not fit is read by pointing at it. */
const listed = (key: "agents" | "models", title: string): TableColumn<TraceRow> => ({
  key,
  title,
  value: (row) => row[key].join(", "),
  render: (row) => (
    <span class="name-list" title={row[key].join(", ")}>
      {row[key].join(", ")}
    </span>
  ),
});

const columns: readonly TableColumn<TraceRow>[] = [
  instantColumn("began", "Began (UTC)", ({ first_call_at }) => first_call_at),
  costColumn("Total cost"),
  countColumn("calls", "Calls", ({ calls }) => calls),
  {
    key: "unfinished",
    title: "Not finished",
    isNumber: true,
    value: ({ unfinished_calls }) => unfinished_calls,
    render: ({ unfinished_calls }) => (unfinished_calls === "0" ? "" : count(unfinished_calls)),
  },
  tokensColumn("input", "Tokens in", ({ input_tokens }) => input_tokens),
  cachedColumn("From cache"),
  tokensColumn("output", "Tokens out", ({ output_tokens }) => output_tokens),
  { key: "service", title: "Service", value: ({ service_name }) => service_name },
  listed("agents", "Agents"),
  listed("models", "Models"),
  {
    key: "id",
    title: "Trace",
    value: ({ trace_id }) => trace_id,
    render: ({ trace_id }) => <code>{trace_id.slice(0, 8)}</code>,
  },
];
