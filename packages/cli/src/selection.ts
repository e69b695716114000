import type { Command } from "commander";
import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import { useWindow, withWindow, type WindowOptions } from "./options.ts";
import type { Amount } from "./rows.ts";
import { asTraceId } from "./trace-id.ts";
import { UsageError } from "./usage-error.ts";
import type { Window } from "./window.ts";

/** Options of commands that look at a part of the ledger. */
export interface SelectionOptions extends WindowOptions {
  trace?: string;
  conversation?: string;
  service?: string;
}

/** What the views take to look at a part of the ledger; an empty name asks for all. */
export interface SelectionParameters {
  from: Date;
  to: Date;
  in_trace: string;
  in_conversation: string;
  in_service: string;
}

/** What was spent there: the one row of `selection_total`. */
interface SelectionTotal {
  calls: string;
  traces: string;
  conversations: string;
  first_call_at: string | null;
  last_call_at: string | null;
  unpriced_calls: string;
  cost_usd: Amount;
  known_cost_usd: string;
}

/** A part of the ledger with what was spent on it. */
export interface Selection {
  parameters: SelectionParameters;
  /** How it was asked for, for headings. */
  label: string;
  total: SelectionTotal;
}

/** Adds the range of time, and what in it. */
export function withSelection(command: Command): Command {
  return withWindow(command)
    .option("--trace <id>", "only this trace")
    .option("--conversation <id>", "only this conversation or session")
    .option("--service <name>", "only this service");
}

/** Opens the ledger for a part of it; one that is named must hold calls. */
export async function useSelection(
  options: SelectionOptions,
  use: (target: LedgerTarget, selection: Selection) => Promise<void>,
): Promise<void> {
  const names = namesOf(options);
  await useWindow(options, async ({ reader }, window) => {
    const selection = await selected(reader, { from: window.from, to: window.to, ...names }, labelOf(options, window));
    const isNamed = Object.values(names).some((name) => name !== "");
    if (isNamed && selection.total.calls === "0") {
      throw new Error(`the ledger holds no calls of ${selection.label}; tokenledger trace lists the newest traces`);
    }
    await use(reader, selection);
  });
}

/** The selection, its range of time narrowed to its own calls: what else happened then is not read. */
export async function selected(
  target: LedgerTarget,
  parameters: SelectionParameters,
  label: string,
): Promise<Selection> {
  const [total] = (await queryView(target, "selection_total", { ...parameters })) as unknown as SelectionTotal[];
  if (total === undefined) throw new Error("the view selection_total gave no row; run tokenledger migrate");
  if (total.first_call_at === null || total.last_call_at === null) return { parameters, label, total };
  const [from, to] = [instantOf(total.first_call_at), new Date(instantOf(total.last_call_at).getTime() + 1)];
  return { parameters: { ...parameters, from, to }, label, total };
}

/** ClickHouse's instant in UTC, to the millisecond below. */
const instantOf = (text: string): Date => new Date(`${text.slice(0, 23).replace(" ", "T")}Z`);

function namesOf({
  trace,
  conversation = "",
  service = "",
}: SelectionOptions): Omit<SelectionParameters, "from" | "to"> {
  const id = trace === undefined ? "" : asTraceId(trace);
  if (id === undefined) {
    throw new UsageError(`--trace: "${trace}" is no trace id: 32 hexadecimal digits; tokenledger trace lists them`);
  }
  return { in_trace: id, in_conversation: conversation, in_service: service };
}

function labelOf({ trace, conversation, service }: SelectionOptions, window: Window): string {
  const parts = [
    ...(trace === undefined ? [] : [`trace ${trace}`]),
    ...(conversation === undefined ? [] : [`conversation ${conversation}`]),
    ...(service === undefined ? [] : [`service ${service}`]),
  ];
  return [...parts, ...(parts.length > 0 && window.label === "all time" ? [] : [window.label])].join(", ");
}
