import { computed, type ReadonlySignal } from "@preact/signals";
import { parseWindow } from "../../../../packages/cli/src/window.ts";
import { revision } from "./live.ts";
import { addressOf, addressWith, go, place } from "./url-state.ts";

/** What the views take to look at a part of the ledger; an empty name asks for all. */
export interface Selection {
  /** ISO 8601, half-open. */
  readonly from: string;
  readonly to: string;
  readonly in_trace: string;
  readonly in_conversation: string;
  readonly in_service: string;
}

/** The part of it that every view takes. */
export type Range = Pick<Selection, "from" | "to">;

/** The range that is shown where the address names none. */
export const defaultSince = "30d";
/** What asks for the whole ledger. */
export const wholeLedger = "all";

const filters = ["in_trace", "in_conversation", "in_service"] as const;
const kept = ["from", "to", ...filters];

/** How the range was asked for: `from` and `to` as `tokenledger report` takes `--since` and `--until`. */
export const asked: ReadonlySignal<{ readonly from: string; readonly to: string }> = computed(() => ({
  from: place.value.parameters.get("from") ?? defaultSince,
  to: place.value.parameters.get("to") ?? "",
}));

/** What is wrong with the range in the address; the default is shown then. */
export const rangeProblem: ReadonlySignal<string | undefined> = computed(() => readRange().problem);

/** The range of time on view. A relative one ends anew whenever new data appears, and holds still meanwhile. */
export const range: ReadonlySignal<Range> = computed(() => {
  // Read for its own sake: now is another instant then.
  void revision.value;
  return readRange().range;
});

/** The same without the time to come: revenue is shared out over time, and none of it for tomorrow. */
export const rangeSoFar: ReadonlySignal<Range> = computed(() => {
  const { from, to } = range.value;
  return { from, to: new Date(Math.max(Date.parse(from), Math.min(Date.parse(to), Date.now()))).toISOString() };
});

/** The part of the ledger on view. */
export const selection: ReadonlySignal<Selection> = computed(() => ({
  ...range.value,
  in_trace: place.value.parameters.get("in_trace") ?? "",
  in_conversation: place.value.parameters.get("in_conversation") ?? "",
  in_service: place.value.parameters.get("in_service") ?? "",
}));

/** The range of the same length right before, to compare with; undefined where everything is on view. */
export const rangeBefore: ReadonlySignal<Range | undefined> = computed(() => {
  if (asked.value.from === wholeLedger) return undefined;
  const { from, to } = range.value;
  const start = Date.parse(from);
  const length = Math.min(Date.parse(to), Date.now()) - start;
  return length > 0 ? { from: new Date(start - length).toISOString(), to: from } : undefined;
});

/** Shows another part of the ledger, on the same page. */
export const select = (changes: Partial<Record<"from" | "to" | (typeof filters)[number], string>>): void =>
  go(addressWith({ ...changes, ...(changes.from === defaultSince && { from: "" }) }), "push");

/** The address of another page that looks at the same part of the ledger. */
export function linkTo(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const selected = kept.flatMap((key) => {
    const value = place.value.parameters.get(key);
    return value === null ? [] : [[key, value]];
  });
  return addressOf(path, new URLSearchParams([...selected, ...Object.entries(parameters)]));
}

function readRange(): { range: Range; problem?: string } {
  const { from, to } = asked.value;
  try {
    return { range: isoRange(from, to) };
  } catch (error) {
    return { range: isoRange(defaultSince, ""), problem: error instanceof Error ? error.message : String(error) };
  }
}

function isoRange(from: string, to: string): Range {
  const window = parseWindow(from === wholeLedger ? undefined : from, to === "" ? undefined : to);
  return { from: window.from.toISOString(), to: window.to.toISOString() };
}
