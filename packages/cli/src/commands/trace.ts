import type { Command } from "commander";
import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import { useLedger, useWindow, withWindow, type LedgerOptions, type WindowOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { count, duration, knownUsd } from "../output/numbers.ts";
import { print } from "../output/print.ts";
import { dim, heading } from "../output/style.ts";
import { table, type Column } from "../output/table.ts";
import type { Amount } from "../rows.ts";
import { asTraceId } from "../trace-id.ts";
import { UsageError } from "../usage-error.ts";
import type { Window } from "../window.ts";

interface TreeRow {
  depth: string;
  span_id: string;
  kind: string;
  name: string;
  duration_ms: number;
  status: string;
  outcome: string | null;
  billed_by: string;
  input_tokens: Amount;
  output_tokens: Amount;
  self_known_cost_usd: Amount;
  unpriced: string | null;
  inclusive_calls: string | null;
  inclusive_unpriced_calls: string;
  inclusive_known_cost_usd: Amount;
}

interface TraceRow {
  trace_id: string;
  first_call_at: string;
  service_name: string;
  agents: string[];
  calls: string;
  unpriced_calls: string;
  known_cost_usd: string;
}

/** Traces that the list shows. */
const listed = 20;

/** `tokenledger trace [ID]`: one trace as a tree of costs, or the newest traces to choose from. */
export function addTrace(program: Command): void {
  withWindow(program.command("trace"))
    .description("one trace as a tree with self and inclusive cost; without an id, the newest traces")
    .argument("[id]", "trace id, 32 hexadecimal digits")
    .addHelpText("after", "\nExamples:\n  tokenledger trace\n  tokenledger trace 0af7651916cd43dd8448eb211c80319c")
    .action((id: string | undefined, options: WindowOptions) =>
      id === undefined
        ? useWindow(options, ({ reader }, window) => listTraces(reader, window, options))
        : showTrace(traceId(id), options),
    );
}

async function listTraces(target: LedgerTarget, { from, to }: Window, options: LedgerOptions): Promise<void> {
  const traces = (await queryView(target, "recent_traces", { from, to, max_rows: listed })) as unknown as TraceRow[];
  if (options.json === true) printJson({ traces });
  else if (traces.length === 0) print("No traces yet. tokenledger report says how to get some.");
  else print(table(traces, traceColumns));
}

function traceId(text: string): string {
  const id = asTraceId(text);
  if (id !== undefined) return id;
  throw new UsageError(`"${text}" is no trace id: 32 hexadecimal digits; tokenledger trace lists them`);
}

async function showTrace(id: string, options: LedgerOptions): Promise<void> {
  const tree = await useLedger(
    options,
    async ({ reader }) => (await queryView(reader, "trace_tree", { trace_id: id })) as unknown as TreeRow[],
  );
  if (tree.length === 0) throw new Error(`the ledger holds no trace ${id}; tokenledger trace lists the newest`);
  if (options.json === true) printJson({ trace_id: id, spans: tree });
  else
    print(
      `${heading(`Trace ${id}`)}\n${table(tree, treeColumns)}\n\n${dim("+? marks money that is not known: no price, or no usage.")}`,
    );
}

const traceColumns: Column<TraceRow>[] = [
  { heading: "trace", show: (row) => row.trace_id },
  { heading: "began (UTC)", show: (row) => row.first_call_at.slice(5, 16) },
  { heading: "service", show: (row) => row.service_name, width: 14 },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  {
    heading: "cost",
    show: (row) => knownUsd(row.known_cost_usd, row.unpriced_calls !== "0"),
    align: "right",
  },
];

const treeColumns: Column<TreeRow>[] = [
  { heading: "span", show: (row) => `${"  ".repeat(Number(row.depth))}${row.name}${remark(row)}`, width: 46 },
  { heading: "self", show: (row) => (row.kind === "llm_call" ? selfCost(row) : ""), align: "right" },
  { heading: "inclusive", show: inclusiveCost, align: "right" },
  { heading: "in", show: (row) => (row.kind === "llm_call" ? count(row.input_tokens) : ""), align: "right" },
  { heading: "out", show: (row) => (row.kind === "llm_call" ? count(row.output_tokens) : ""), align: "right" },
  { heading: "time", show: (row) => duration(row.duration_ms * 1e6), align: "right" },
];

const selfCost = (row: TreeRow): string =>
  row.billed_by === "" ? knownUsd(row.self_known_cost_usd, Boolean(row.unpriced)) : "counted above";

function inclusiveCost(row: TreeRow): string {
  return row.kind === "llm_call" || Number(row.inclusive_calls) === 0
    ? ""
    : knownUsd(row.inclusive_known_cost_usd, row.inclusive_unpriced_calls !== "0");
}

function remark({ outcome, status }: TreeRow): string {
  if (outcome && outcome !== "completed") return ` (${outcome})`;
  return status === "Error" ? " (error)" : "";
}
