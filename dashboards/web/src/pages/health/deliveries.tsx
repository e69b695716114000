import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { count } from "../../data/money.ts";
import { range } from "../../data/selection.ts";
import { instantOf, timeText } from "../../data/time.ts";
import { useView } from "../../data/view.ts";
import { nameOr } from "../../data/words.ts";

interface Delivery {
  readonly process_id: string;
  readonly service_name: string;
  readonly first_span_at: string;
  readonly last_span_at: string;
  readonly spans: string;
  readonly repeated: string;
  readonly refused: string;
  /** Null where the process does not number its spans. */
  readonly missing: string | null;
}

/** Whether every span arrived. */
export function Deliveries(): JSX.Element {
  const view = useView<Delivery>("delivery_health", { ...range.value });
  const late = view.rows.filter((row) => row.missing !== null && row.missing !== "0").length;
  return (
    <Panel
      class="half"
      title="Whether every span arrived"
      question="Gaps in the numbering of each process, deliveries repeated, spans refused."
      view={view}
      empty="No spans in this range of time. Imported sessions come without processes that number them."
      note={
        late === 0
          ? "No process lacks a span."
          : "A gap is a span that never came, or a process whose beginning lies before the range."
      }
    >
      <DataTable
        label="Deliveries by process"
        id="deliveries"
        order="-missing"
        rows={view.rows}
        maxHeight={320}
        columns={[
          { key: "service", title: "service", value: (row) => nameOr(row.service_name, "not told") },
          countColumn<Delivery>("spans", (row) => row.spans),
          countColumn<Delivery>("missing", (row) => row.missing, true),
          countColumn<Delivery>("repeated", (row) => row.repeated),
          countColumn<Delivery>("refused", (row) => row.refused, true),
          {
            key: "last",
            title: "last span",
            value: (row) => row.last_span_at,
            render: (row) => timeText(instantOf(row.last_span_at)),
          },
          { key: "process", title: "process", value: (row) => nameOr(row.process_id, "not numbered") },
        ]}
      />
    </Panel>
  );
}

interface Emitter {
  readonly emitter: string;
  readonly scope_name: string;
  readonly calls: string;
  readonly agent_runs: string;
  readonly tool_calls: string;
  readonly unrecognized: string;
  readonly assumed_basis: string;
}

/** Whose spans came in and how they were read. */
export function Emitters(): JSX.Element {
  const view = useView<Emitter>("emitter_coverage", { ...range.value });
  return (
    <Panel
      class="half"
      title="Whose spans came in"
      question="What each emitter reported, and what nobody here can read."
      view={view}
      note="Unrecognized spans count tokens in no operation that is known, and are not billed. Assumed: nobody declares whether input includes the cache."
    >
      <DataTable
        label="Emitters"
        id="emitters"
        order="-calls"
        rows={view.rows}
        maxHeight={320}
        columns={[
          { key: "scope", title: "emitter", value: (row) => nameOr(row.scope_name, "not told") },
          { key: "emitter", title: "read as", value: (row) => nameOr(row.emitter, "not listed") },
          countColumn<Emitter>("calls", (row) => row.calls),
          countColumn<Emitter>("agent runs", (row) => row.agent_runs),
          countColumn<Emitter>("tool calls", (row) => row.tool_calls),
          countColumn<Emitter>("unrecognized", (row) => row.unrecognized, true),
          countColumn<Emitter>("assumed", (row) => row.assumed_basis, true),
        ]}
      />
    </Panel>
  );
}

/** A column of counts; in one of doubts, what is not zero stands out. */
function countColumn<Row>(title: string, value: (row: Row) => string | null, isDoubt = false): TableColumn<Row> {
  return {
    key: title.replace(" ", "_"),
    title,
    isNumber: true,
    value,
    render: (row) => <Counted number={value(row)} isDoubt={isDoubt} />,
  };
}

function Counted({ number, isDoubt }: { number: string | null; isDoubt: boolean }): JSX.Element {
  if (number === null) return <span class="faint">not counted</span>;
  return <span class={number === "0" ? "faint" : isDoubt ? "warn" : ""}>{count(number)}</span>;
}
