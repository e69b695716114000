import { ledgerStatus } from "./live.ts";
import { range } from "./selection.ts";
import { type Every, everyOf, instantOf } from "./time.ts";

/** How finely the range on view is drawn: by how long it is, as far as there are calls in it. */
export function everyShown(): Every {
  const { oldest_call_at: oldest = null, newest_call_at: newest = null } = ledgerStatus.value ?? {};
  const from = Math.max(Date.parse(range.value.from), oldest === null ? -Infinity : instantOf(oldest));
  const to = Math.min(Date.parse(range.value.to), newest === null ? Infinity : instantOf(newest));
  return everyOf(Math.max(0, to - from));
}
