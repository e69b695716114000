import { type Signal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, askApi } from "./api.ts";
import { revision, timed } from "./live.ts";

type ParameterValue = string | number;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface Column {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

/** The answer of a saved view, as far as it is there. */
export interface ViewState<Row> {
  readonly status: "loading" | "failed" | "ready";
  /** Newer rows are on their way: these are of before, or of other parameters. */
  readonly isRefreshing: boolean;
  readonly name: string;
  readonly parameters: Parameters;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** The query behind it, to copy. */
  readonly sql: string;
  /** What went wrong, and what to do; empty otherwise. */
  readonly message: string;
  /** Of the query in the database; 0 until it is there. */
  readonly elapsedNanoseconds: number;
  readonly refresh: () => void;
}

interface Answer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  readonly sql: string;
  readonly elapsed_ns: number;
}

type Outcome = Omit<ViewState<Record<string, unknown>>, "name" | "parameters" | "refresh" | "isRefreshing">;

interface Entry {
  readonly outcome: Signal<Outcome>;
  readonly isLoading: Signal<boolean>;
  /** Revision of the data that was asked for last; -1: never. */
  asked: number;
  /** How many look at it. */
  watchers: number;
  /** Ends the question under way. */
  control: AbortController | undefined;
}

const nothing: Outcome = { status: "loading", rows: [], columns: [], sql: "", message: "", elapsedNanoseconds: 0 };
const newEntry = (): Entry => ({
  outcome: signal(nothing),
  isLoading: signal(false),
  asked: -1,
  watchers: 0,
  control: undefined,
});
const idle = newEntry();
const keptEntries = 200;
/** So long nobody need look at a question under way: what draws it may change hands. */
const patienceMs = 50;
const entries = new Map<string, Entry>();

/**
 * The rows of a saved view, asked for once however many look at it, and again when new data appears. A question that
 * nobody looks at any more is ended, here and in the database.
 *
 * While other parameters load, the rows of before stay on view, marked `isRefreshing`. Without parameters, as long as
 * they follow from another view, it is `loading` and nothing is asked.
 */
export function useView<Row extends object>(name: string, parameters: Parameters | undefined): ViewState<Row> {
  const address = parameters === undefined ? undefined : viewAddress(name, parameters);
  const entry = address === undefined ? idle : entryOf(address);
  const now = revision.value;
  useEffect(() => {
    if (address === undefined) return undefined;
    entry.watchers += 1;
    if (entry.asked < now) void load(entry, address, now);
    return () => leave(entry);
  }, [address, entry, now]);
  const held = useRef<Outcome>(undefined);
  const outcome = entry.outcome.value;
  if (outcome.status === "ready") held.current = outcome;
  const shown = outcome.status === "loading" && held.current !== undefined ? held.current : outcome;
  return {
    // The view names its columns, and its cases hold them to it.
    ...(shown as Outcome & { rows: readonly Row[] }),
    // Also before the question has gone out: that happens a frame later.
    isRefreshing: shown.status === "ready" && (entry.isLoading.value || shown !== outcome),
    name,
    parameters: parameters ?? {},
    refresh: () => {
      if (address !== undefined) void load(entry, address, revision.value);
    },
  };
}

/** Where the API answers a view, in the given format. */
export function viewAddress(name: string, parameters: Parameters, format?: "csv"): string {
  const pairs = Object.entries(parameters).map(([key, value]) => [key, String(value)]);
  const query = new URLSearchParams([...pairs, ...(format === undefined ? [] : [["format", format]])]);
  return `/api/views/${name}${query.size === 0 ? "" : `?${query.toString()}`}`;
}

function entryOf(address: string): Entry {
  const found = entries.get(address);
  if (found !== undefined) {
    // Asked for last is forgotten last.
    entries.delete(address);
    entries.set(address, found);
    return found;
  }
  const entry = newEntry();
  entries.set(address, entry);
  const [oldest] = entries.keys();
  if (entries.size > keptEntries && oldest !== undefined) entries.delete(oldest);
  return entry;
}

function leave(entry: Entry): void {
  entry.watchers -= 1;
  setTimeout(() => {
    if (entry.watchers > 0 || entry.control === undefined) return;
    entry.asked = -1;
    entry.control.abort();
  }, patienceMs);
}

async function load(entry: Entry, address: string, at: number): Promise<void> {
  entry.asked = at;
  entry.isLoading.value = true;
  entry.control?.abort();
  const control = new AbortController();
  entry.control = control;
  try {
    const answer = await timed(
      async () => (await (await askApi(address, { signal: control.signal })).json()) as Answer,
    );
    entry.outcome.value = readyWith(answer);
  } catch (error) {
    if (control.signal.aborted) return;
    if (error instanceof ApiError && error.status === 0 && entry.outcome.value.status === "ready") return;
    entry.outcome.value = {
      ...nothing,
      status: "failed",
      message: error instanceof Error ? error.message : String(error),
    };
  } finally {
    if (entry.control === control) {
      entry.control = undefined;
      entry.isLoading.value = false;
    }
  }
}

const readyWith = ({ columns, rows, sql, elapsed_ns }: Answer): Outcome => ({
  status: "ready",
  rows: rows.map((values) => Object.fromEntries(columns.map(({ name }, index) => [name, values[index]]))),
  columns,
  sql,
  message: "",
  elapsedNanoseconds: elapsed_ns,
});
