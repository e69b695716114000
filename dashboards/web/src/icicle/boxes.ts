import { weightOf, type Weight } from "./measures.ts";
import type { SpanNode } from "./span-tree.ts";

/**
 * A drawing of a tree as boxes, each from `start` to `end` of a whole that is 1 wide, in a row from 0. Parents come
 * before their children, and the boxes of a row from left to right, so that what is at a place is found by halving.
 */
export interface Boxes {
  readonly nodes: readonly SpanNode[];
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly row: Uint16Array;
  /** The box above each, -1 for the whole. */
  readonly parent: Int32Array;
  /** The boxes of each row, from left to right. */
  readonly rows: readonly Int32Array[];
  /** The box of each node, by its id; nodes without width have none. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Siblings as they came, or the heaviest first. */
export type Order = "time" | "weight";

/** Takes up boxes one after the other, parents first and rows from left to right. */
export class BoxList {
  readonly #nodes: SpanNode[] = [];
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #row: number[] = [];
  readonly #parent: number[] = [];

  /** Adds a box and returns its place. */
  add(node: SpanNode, box: { start: number; end: number; row: number; parent: number }): number {
    this.#start.push(box.start);
    this.#end.push(box.end);
    this.#row.push(box.row);
    this.#parent.push(box.parent);
    return this.#nodes.push(node) - 1;
  }

  boxes(): Boxes {
    const rows: number[][] = [];
    this.#row.forEach((row, index) => (rows[row] ??= []).push(index));
    return {
      nodes: this.#nodes,
      start: Float64Array.from(this.#start),
      end: Float64Array.from(this.#end),
      row: Uint16Array.from(this.#row),
      parent: Int32Array.from(this.#parent),
      rows: Array.from(rows, (row) => Int32Array.from(row ?? [])),
      indexOf: new Map(this.#nodes.map((node, index) => [node.id, index])),
    };
  }
}

/** An icicle: every box is as wide as the weight of its node and all under it, below the box it belongs to. */
export function icicle(root: SpanNode, weight: Weight, order: Order): Boxes {
  const list = new BoxList();
  const whole = weightOf(root.total, weight);
  const place = (node: SpanNode, start: number, row: number, parent: number): void => {
    const index = list.add(node, { start, end: start + weightOf(node.total, weight) / whole, row, parent });
    let from = start;
    for (const child of inOrder(node.children, weight, order)) {
      const width = weightOf(child.total, weight) / whole;
      if (width > 0) place(child, from, row + 1, index);
      from += width;
    }
  };
  if (whole > 0) place(root, 0, 0, -1);
  return list.boxes();
}

const inOrder = (nodes: readonly SpanNode[], weight: Weight, order: Order): readonly SpanNode[] =>
  order === "time"
    ? nodes
    : nodes.toSorted((one, other) => weightOf(other.total, weight) - weightOf(one.total, weight));
