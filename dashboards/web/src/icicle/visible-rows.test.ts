import { describe, expect, test } from "vitest";
import { spanTree } from "./span-tree.ts";
import { delegated, delegatedSteps } from "./trace.fixture.ts";
import { ancestorsOf, stepped, visibleRows } from "./visible-rows.ts";

const tree = spanTree(delegated, delegatedSteps);
const ids = (closed: readonly string[]): string[] => visibleRows(tree, new Set(closed)).map(({ node }) => node.id);

describe("visibleRows", () => {
  test("leaves out what is under a closed node", () => {
    expect(ids([])).toEqual(["a", "a/1", "b", "c", "d", "e", "f", "g", "a/2", "h", "a/3", "i"]);
    expect(ids(["a/1", "b"])).toEqual(["a", "a/1", "a/2", "h", "a/3", "i"]);
  });

  test("says how deep a row is and which of how many", () => {
    const rows = visibleRows(tree, new Set(["d"]));
    expect(rows[4]).toMatchObject({ level: 3, place: 2, siblings: 3, isOpen: false });
    expect(rows[5]).toMatchObject({ level: 3, place: 3, siblings: 3, isOpen: undefined });
  });

  test("finds all that a node is under", () => {
    expect(ancestorsOf(tree, "f")).toEqual(["a", "a/1", "d", "e"]);
    expect(ancestorsOf(tree, "nowhere")).toBeUndefined();
  });
});

describe("keys of the tree", () => {
  const rows = visibleRows(tree, new Set(["d"]));
  test("go up and down, and stop at the ends", () => {
    expect(stepped("ArrowDown", rows, -1, 5)).toEqual({ row: 0 });
    expect(stepped("ArrowUp", rows, 0, 5)).toEqual({ row: 0 });
    expect(stepped("PageDown", rows, 7, 5)).toEqual({ row: rows.length - 1 });
    expect(stepped("End", rows, 0, 5)).toEqual({ row: rows.length - 1 });
  });

  test("open a closed node, then enter it; close an open one, then leave it", () => {
    expect(stepped("ArrowRight", rows, 4, 5)).toEqual({ row: 4, open: "d" });
    expect(stepped("ArrowRight", rows, 1, 5)).toEqual({ row: 2 });
    expect(stepped("ArrowRight", rows, 5, 5)).toBeUndefined();
    expect(stepped("ArrowLeft", rows, 1, 5)).toEqual({ row: 1, close: "a/1" });
    expect(stepped("ArrowLeft", rows, 4, 5)).toEqual({ row: 1 });
  });
});
