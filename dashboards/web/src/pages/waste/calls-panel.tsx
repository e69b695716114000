import type { JSX } from "preact";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { atLeast, count, share } from "../../data/money.ts";
import { linkTo, selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { causeText } from "../../data/words.ts";
import { causeColour } from "../../flow/causes.ts";
import { countColumn, moneyColumn, nameColumn } from "../../components/columns.tsx";
import { Treemap } from "../../flow/treemap.tsx";
import { nameless, type Opened } from "./opened.ts";
import { Trail } from "./trail.tsx";

/** A row of the view `cause_calls`. */
interface CauseCall {
  readonly started_at: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly model: string;
  readonly agent_name: string;
  readonly customer_id: string;
  readonly tokens: string;
  readonly cost_usd: string | null;
  readonly known_cost_usd: string;
  readonly call_cost_usd: string | null;
  readonly call_known_cost_usd: string;
  readonly all_calls: string;
  readonly all_unpriced_calls: string;
  readonly all_known_cost_usd: string;
}

/** The calls that paid most for what is opened, each a way into its trace. */
export function CallsPanel({ opened }: { readonly opened: Opened }): JSX.Element {
  const { cause, by, name } = opened;
  const view = useView<CauseCall>("cause_calls", {
    ...selection.value,
    ...(name === undefined ? { by: "", name: "" } : { by, name }),
    cause,
    max_rows: mostCalls,
  });
  const [first] = view.rows;
  const of = name === undefined ? "" : ` of ${name === "" ? nameless[by] : name}`;
  const title = `Calls${of} that paid for ${causeText(cause)}`;
  return (
    <Panel
      title={title}
      question="The dearest first; the cost of the cause beside that of the call in full."
      view={view}
    >
      {name === undefined ? null : <Trail opened={opened} />}
      {first === undefined ? null : (
        <p class="sum">
          <b data-figure="opened">{atLeast(first.all_known_cost_usd, first.all_unpriced_calls !== "0")}</b> in{" "}
          {count(first.all_calls)} calls
          {Number(first.all_calls) > mostCalls ? `; the ${mostCalls} dearest are listed` : ""}.
        </p>
      )}
      {name === undefined ? null : <CallAreas title={title} rows={view.rows} cause={cause} />}
      <DataTable label={title} id="calls" rows={view.rows} columns={columns} href={addressOfCall} maxHeight={420} />
    </Panel>
  );
}

interface CallAreasProperties {
  readonly title: string;
  readonly rows: readonly CauseCall[];
  readonly cause: string;
}

const CallAreas = ({ title, rows, cause }: CallAreasProperties): JSX.Element => (
  <Treemap
    label={title}
    parts={rows.slice(0, mostAreas).map((row) => ({
      key: row.span_id,
      group: "",
      label: row.started_at.slice(5, 19),
      amount: row.known_cost_usd,
      amountText: atLeast(row.known_cost_usd, row.cost_usd === null),
      shareText: share(row.known_cost_usd, row.all_known_cost_usd),
      colour: causeColour(cause),
      isMarked: false,
      href: addressOfCall(row),
    }))}
  />
);

const time = ({ started_at }: CauseCall): string => started_at.slice(0, 19);

const addressOfCall = ({ trace_id, span_id }: CauseCall): string => linkTo(`/trace/${trace_id}`, { span: span_id });

const columns = [
  nameColumn<CauseCall>("started_at", "Began (UTC)", time),
  nameColumn<CauseCall>("agent", "Agent", ({ agent_name }) => agent_name, nameless.agent),
  nameColumn<CauseCall>("model", "Model", ({ model }) => model, nameless.model),
  nameColumn<CauseCall>("customer", "Customer", ({ customer_id }) => customer_id, nameless.customer),
  countColumn<CauseCall>("tokens", "Tokens", ({ tokens }) => tokens),
  moneyColumn<CauseCall>(
    "cost",
    "Of this cause",
    (row) => row.known_cost_usd,
    (row) => row.cost_usd === null,
  ),
  moneyColumn<CauseCall>(
    "full",
    "Call in full",
    (row) => row.call_known_cost_usd,
    (row) => row.call_cost_usd === null,
  ),
];

const mostCalls = 200;
const mostAreas = 60;
