import { BoxList, type Boxes } from "./boxes.ts";
import type { SpanNode } from "./span-tree.ts";

/**
 * A timeline: every box spans the time of its node, below the box it belongs to. What overlaps a sibling goes to the
 * next row that is free for all of it, so that nothing hides what ran beside it.
 */
export function timeline(root: SpanNode): Boxes {
  const list = new BoxList();
  const whole = Math.max(root.endedAt - root.startedAt, Number.EPSILON);
  /** When the last box of each row ends. Nodes come in order of time, so a row is free after it. */
  const taken: number[] = [];
  const placed: { node: SpanNode; row: number; parent: number }[] = [];
  const place = (node: SpanNode, least: number, parent: number): void => {
    let row = least;
    while ((taken[row] ?? -Infinity) > node.startedAt) row += 1;
    taken[row] = Math.max(node.endedAt, node.startedAt);
    const here = placed.push({ node, row, parent }) - 1;
    for (const child of node.children) place(child, row + 1, here);
  };
  place(root, 0, -1);
  for (const { node, row, parent } of placed) {
    const start = (node.startedAt - root.startedAt) / whole;
    list.add(node, { start, end: Math.min(1, Math.max(start, (node.endedAt - root.startedAt) / whole)), row, parent });
  }
  return list.boxes();
}
