import { nextInstant, type TimeRange } from "../../data/instant.ts";
import type { SpanNode } from "../../icicle/span-tree.ts";
import type { TraceSpan } from "../../icicle/trace-span.ts";

/** The range in which all spans of a trace began; undefined for none. */
export function timeOf(rows: readonly TraceSpan[]): TimeRange | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  let [from, last] = [first.started_at, first.started_at];
  for (const { started_at } of rows) {
    if (started_at < from) from = started_at;
    if (started_at > last) last = started_at;
  }
  return { from, to: nextInstant(last) };
}

/** The node with an id, wherever in the tree. */
export function nodeById(root: SpanNode, id: string): SpanNode | undefined {
  if (root.id === id) return root;
  for (const child of root.children) {
    const found = nodeById(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
