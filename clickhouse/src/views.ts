import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { viewNames, viewSource } from "./sql-files.ts";

/** A saved view: the answer to one question, as its header documents it. */
export interface ViewDescription {
  readonly name: string;
  /** What it answers. */
  readonly title: string;
  /** What one row is. */
  readonly grain: string;
  /** What its answer rests on that the ledger does not say; empty: nothing. */
  readonly assumes: string;
  /** What it leaves out, and where that is shown; empty: nothing. */
  readonly excludes: string;
  readonly parameters: readonly ViewParameter[];
}

export interface ViewParameter {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

export type ViewRow = Record<string, unknown>;

/** All saved views, by name. */
export function listViews(): ViewDescription[] {
  return viewNames().map((name) => describeView(name, viewSource(name)));
}

/**
 * Rows of a saved view. Parameters are bound by the server, never spliced. Instants may be a `Date`, an ISO 8601
 * string or what ClickHouse reads. What bounds a view may be left out: `from` and `to`, half-open, the start of the call,
 * and `in_trace`, `in_conversation` and `in_service`.
 *
 * @throws LedgerError `unknown_view`, `missing_parameter`.
 */
export async function queryView(
  target: LedgerTarget,
  name: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<ViewRow[]> {
  const { query, bound } = viewQuery(target, name, parameters);
  return selectRows(target, query, bound);
}

/** The SELECT over a saved view, with its parameters as the server binds them. */
export function viewQuery(
  target: LedgerTarget,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): { query: string; bound: Record<string, unknown> } {
  const view = listViews().find((candidate) => candidate.name === name);
  if (view === undefined) {
    throw new LedgerError("unknown_view", `There is no view "${name}". Views: ${viewNames().join(", ")}.`);
  }
  const places = view.parameters.map((parameter) => `\`${parameter.name}\` = {${parameter.name}:${parameter.type}}`);
  return {
    query: `SELECT * FROM ${target.database}.${view.name}${places.length === 0 ? "" : `(${places.join(", ")})`}`,
    bound: Object.fromEntries(
      view.parameters.map((parameter) => [parameter.name, valueOf(view, parameter, parameters)] as const),
    ),
  };
}

/** The same query as a person would write it, its parameters in their places; the database is the session's. */
export function readableQuery(name: string, bound: Readonly<Record<string, unknown>>): string {
  const places = Object.entries(bound).map(([key, value]) => `${key} = ${literal(value)}`);
  return `SELECT * FROM ${name}${places.length === 0 ? "" : `(${places.join(", ")})`}`;
}

const literal = (value: unknown): string =>
  typeof value === "number" ? String(value) : `'${String(value).replaceAll(/['\\]/g, "\\$&")}'`;

/** The header: a title, then `Grain:`, `Assumes:` and `Excludes:`, each up to the next label; parameters stand in the query. */
function describeView(name: string, source: string): ViewDescription {
  const lines = source.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  const header = lines.slice(0, end).map((line) => line.replace(/^--\s?/, ""));
  const text = header.join(" ").replaceAll(/\s+/g, " ").trim();
  const part = (label: string): string =>
    new RegExp(`${label}: (.*?)(?= (?:Grain|Assumes|Excludes): |$)`).exec(text)?.[1] ?? "";
  return {
    name,
    title: /^(.*?)(?= (?:Grain|Assumes|Excludes): |$)/.exec(text)?.[1] ?? "",
    grain: part("Grain"),
    assumes: part("Assumes"),
    excludes: part("Excludes"),
    parameters: parametersOf(lines.slice(end).join("\n")),
  };
}

function parametersOf(query: string): ViewParameter[] {
  const found = [...query.matchAll(/\{(\w+):([^{}]+)\}/g)].map(
    ([, name = "", type = ""]) => [name, type.trim()] as const,
  );
  return [...new Map(found)].map(([name, type]) => ({ name, type }));
}

/** What leaving a parameter out asks for: the whole ledger. */
const everything: Readonly<Record<string, string>> = {
  from: "1970-01-01 00:00:00",
  to: "2100-01-01 00:00:00",
  in_trace: "",
  in_conversation: "",
  in_service: "",
};

function valueOf(
  view: ViewDescription,
  { name, type }: ViewParameter,
  parameters: Readonly<Record<string, unknown>>,
): unknown {
  const value = parameters[name] ?? everything[name];
  if (value === undefined) {
    const needed = view.parameters.map((parameter) => parameter.name).join(", ");
    throw new LedgerError("missing_parameter", `The view ${view.name} needs "${name}" (its parameters: ${needed}).`);
  }
  return type.startsWith("DateTime64") ? instant(value) : value;
}

/** ClickHouse reads no zone in a bound parameter: ISO 8601 becomes its own form, in UTC. */
function instant(value: unknown): unknown {
  const date = value instanceof Date ? value : isoInstant(value);
  return date === undefined ? value : date.toISOString().replace("T", " ").replace("Z", "");
}

function isoInstant(value: unknown): Date | undefined {
  const isIso = typeof value === "string" && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(value);
  return isIso ? new Date(value) : undefined;
}
