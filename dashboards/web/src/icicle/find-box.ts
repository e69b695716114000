import type { Boxes } from "./boxes.ts";

/** The box at a place in the whole and a row, or `within` so much of it: some are too short to be hit; -1: none. */
export function boxAt(boxes: Boxes, place: number, row: number, within = 0): number {
  const box = boxes.rows[row]?.[firstEndingAfter(boxes, row, place - within)];
  return box !== undefined && (boxes.start[box] ?? 1) <= place + within ? box : -1;
}

/** The place in its row of the first box that ends after a place in the whole. */
export function firstEndingAfter(boxes: Boxes, row: number, place: number): number {
  const inRow = boxes.rows[row] ?? new Int32Array();
  let [from, to] = [0, inRow.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((boxes.end[inRow[middle] ?? 0] ?? 0) > place) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A box and all it belongs to, from the whole down. */
export function lineage(boxes: Boxes, box: number): number[] {
  const above: number[] = [];
  for (let at = box; at >= 0; at = boxes.parent[at] ?? -1) above.unshift(at);
  return above;
}
