import type { SpanNode } from "./span-tree.ts";

/** A row of the tree as a grid: a node, how deep it is, and its place among its siblings. */
export interface TreeRow {
  readonly node: SpanNode;
  /** From 1, as screen readers count. */
  readonly level: number;
  readonly place: number;
  readonly siblings: number;
  /** Undefined where there is nothing to open. */
  readonly isOpen: boolean | undefined;
}

/** The rows that are seen when the nodes with these ids are closed: all others are open. */
export function visibleRows(root: SpanNode, closed: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (siblings: readonly SpanNode[], level: number): void => {
    siblings.forEach((node, index) => {
      const isOpen = node.children.length === 0 ? undefined : !closed.has(node.id);
      rows.push({ node, level, place: index + 1, siblings: siblings.length, isOpen });
      if (isOpen === true) visit(node.children, level + 1);
    });
  };
  visit(root.children, 1);
  return rows;
}

/** The ids of all that a node is under, from the top. */
export function ancestorsOf(root: SpanNode, id: string): string[] | undefined {
  for (const child of root.children) {
    if (child.id === id) return [];
    const below = ancestorsOf(child, id);
    if (below !== undefined) return [child.id, ...below];
  }
  return undefined;
}

/** What a key does in a tree grid: where it leads, and what it opens or closes. */
export interface TreeStep {
  readonly row: number;
  readonly open?: string;
  readonly close?: string;
}

/** Where a key leads from a row; undefined where it means nothing here. */
export function stepped(key: string, rows: readonly TreeRow[], from: number, page: number): TreeStep | undefined {
  const at = (row: number): TreeStep => ({ row: Math.max(0, Math.min(rows.length - 1, row)) });
  const current = rows[from];
  if (current === undefined) return key === "ArrowDown" || key === "Home" ? at(0) : undefined;
  switch (key) {
    case "ArrowDown":
      return at(from + 1);
    case "ArrowUp":
      return at(from - 1);
    case "PageDown":
      return at(from + page);
    case "PageUp":
      return at(from - page);
    case "Home":
      return at(0);
    case "End":
      return at(rows.length - 1);
    case "ArrowRight":
      if (current.isOpen === undefined) return undefined;
      return current.isOpen ? at(from + 1) : { row: from, open: current.node.id };
    case "ArrowLeft":
      if (current.isOpen === true) return { row: from, close: current.node.id };
      return at(rows.findLastIndex((row, index) => index < from && row.level < current.level));
    default:
      return undefined;
  }
}
