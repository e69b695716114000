import { describe, expect, test } from "vitest";
import { icicle, type Boxes } from "./boxes.ts";
import { boxAt, lineage } from "./find-box.ts";
import { pressed } from "./keyboard.ts";
import { search } from "./search.ts";
import { spanTree } from "./span-tree.ts";
import { timeline } from "./timeline.ts";
import { delegated, delegatedSteps } from "./trace.fixture.ts";
import { panned, readSeenPart, revealed, wholeView, writeSeenPart, zoomed } from "./viewport.ts";

const tree = spanTree(delegated, delegatedSteps);
const flat = spanTree(delegated);
const extents = (boxes: Boxes): Record<string, [number, number, number]> =>
  Object.fromEntries(
    boxes.nodes.map((node, index) => [
      node.id,
      [boxes.row[index] ?? -1, round(boxes.start[index] ?? -1), round(boxes.end[index] ?? -1)],
    ]),
  );
const round = (value: number): number => Math.round(value * 1000) / 1000;
const idAt = (boxes: Boxes, place: number, row: number): string | undefined =>
  boxes.nodes[boxAt(boxes, place, row)]?.id;

describe("icicle", () => {
  const boxes = icicle(tree, "cost", "time");

  test("makes every box as wide as its share of the cost, below the box it belongs to", () => {
    expect(extents(boxes)).toEqual({
      trace: [0, 0, 1],
      a: [1, 0, 1],
      "a/1": [2, 0, 0.4],
      b: [3, 0, 0.3],
      d: [3, 0.3, 0.4],
      e: [4, 0.3, 0.4],
      f: [5, 0.3, 0.4],
      "a/2": [2, 0.4, 1],
      h: [3, 0.4, 1],
    });
  });

  test("puts the heaviest first where asked, and weighs by what is asked", () => {
    expect(extents(icicle(flat, "cost", "weight"))).toMatchObject({ h: [2, 0, 0.6], b: [2, 0.6, 0.9], d: [2, 0.9, 1] });
    expect(extents(icicle(flat, "cached", "time"))).toMatchObject({ f: [4, 0, 0.091], h: [2, 0.091, 1] });
    expect(icicle(spanTree([]), "cost", "time").nodes).toEqual([]);
  });

  test("finds the box at a place, and all it belongs to", () => {
    expect(idAt(boxes, 0.35, 5)).toBe("f");
    expect(idAt(boxes, 0.35, 3)).toBe("d");
    expect(idAt(boxes, 0.9, 4)).toBeUndefined();
    expect(lineage(boxes, boxAt(boxes, 0.35, 4)).map((box) => boxes.nodes[box]?.id)).toEqual([
      "trace",
      "a",
      "a/1",
      "d",
      "e",
    ]);
  });
});

describe("timeline", () => {
  test("spans the time of each node, and hides nothing that ran beside another", () => {
    expect(extents(timeline(flat))).toMatchObject({
      a: [1, 0, 1],
      b: [2, 0.05, 0.15],
      d: [2, 0.15, 0.45],
      e: [3, 0.2, 0.4],
      f: [4, 0.2, 0.4],
      g: [5, 0.2, 0.3],
      h: [2, 0.5, 0.75],
    });
  });
});

describe("search", () => {
  test("says which part of the whole was found, nothing counted twice", () => {
    expect(search(tree, "HELPER", "cost")).toMatchObject({ ids: new Set(["e", "f"]), share: expect.closeTo(0.1) });
    expect(search(tree, "chat claude", "cost").share).toBeCloseTo(1);
    expect(search(tree, " ", "cost")).toEqual({ ids: new Set(), share: 0 });
  });
});

describe("viewport", () => {
  test("zooms about a place, and never leaves the whole", () => {
    expect(zoomed(wholeView, 0.5, 0.25)).toEqual({ start: 0.125, end: 0.625, top: 0 });
    expect(zoomed(wholeView, 2)).toEqual(wholeView);
    expect(panned({ start: 0.5, end: 0.75, top: 0 }, 4)).toEqual({ start: 0.75, end: 1, top: 0 });
  });

  test("is written to an address and read back; what is no part is the whole", () => {
    expect(writeSeenPart(wholeView)).toBe("");
    expect(readSeenPart(writeSeenPart({ start: 0.25, end: 0.5, top: 3 }))).toEqual({ start: 0.25, end: 0.5, top: 0 });
    for (const text of ["", "0.5-0.2", "-1-2", "a-b"]) expect(readSeenPart(text)).toEqual(wholeView);
  });

  test("moves just so far that a box is seen", () => {
    const close = { start: 0, end: 0.25, top: 0 };
    expect(revealed(close, { start: 0.5, end: 0.6, row: 9 }, 5)).toEqual({ start: 0.35, end: 0.6, top: 5 });
    expect(revealed(close, { start: 0.1, end: 0.2, row: 2 }, 5)).toEqual(close);
    expect(revealed(close, { start: 0.1, end: 0.9, row: 0 }, 5)).toEqual({ start: 0.1, end: 0.9, top: 0 });
  });
});

describe("keys", () => {
  const boxes = icicle(tree, "cost", "time");
  const after = (...keys: string[]): { id: string | undefined; width: number } => {
    let place = { view: wholeView, chosen: -1 };
    for (const key of keys) place = pressed(key, place, boxes, 20) ?? place;
    return { id: boxes.nodes[place.chosen]?.id, width: round(place.view.end - place.view.start) };
  };

  test("walk from box to box: down to the widest, along the row, and up", () => {
    expect(after("ArrowDown").id).toBe("trace");
    expect(after("ArrowDown", "ArrowDown", "ArrowDown").id).toBe("a/2");
    expect(after("ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowRight").id).toBe("d");
    expect(after("ArrowDown", "ArrowUp").id).toBe("trace");
  });

  test("zoom with W and S, move with A and D, fit with Enter and leave with Escape", () => {
    expect(after("w").width).toBe(0.8);
    expect(after("w", "w", "S").width).toBe(0.8);
    expect(after("ArrowDown", "ArrowDown", "ArrowDown", "Enter")).toEqual({ id: "a/2", width: 0.6 });
    expect(after("ArrowDown", "ArrowDown", "ArrowDown", "Enter", "Escape").width).toBe(1);
    expect(pressed("x", { view: wholeView, chosen: -1 }, boxes, 20)).toBeUndefined();
    expect(pressed("Escape", { view: wholeView, chosen: -1 }, boxes, 20)).toBeUndefined();
  });
});
