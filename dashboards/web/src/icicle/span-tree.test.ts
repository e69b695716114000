import { describe, expect, test } from "vitest";
import { unitsOf } from "../data/money.ts";
import { mergeAlike } from "./merge-alike.ts";
import { spanTree, type SpanNode } from "./span-tree.ts";
import { delegated, delegatedSteps, span } from "./trace.fixture.ts";

const outline = (node: SpanNode): unknown =>
  node.children.length === 0 ? node.id : [node.id, ...node.children.map(outline)];
const find = (node: SpanNode, id: string): SpanNode | undefined =>
  node.id === id ? node : node.children.map((child) => find(child, id)).find(Boolean);

describe("spanTree", () => {
  const tree = spanTree(delegated, delegatedSteps);

  test("puts the spans of an agent into its steps, tools and sub-agents into the step that asked for them", () => {
    expect(outline(tree)).toEqual([
      "trace",
      ["a", ["a/1", ["b", "c"], ["d", ["e", "f"]], "g"], ["a/2", "h"], ["a/3", "i"]],
    ]);
  });

  test("sums each bill once, to the last digit, whatever else reports it", () => {
    expect(tree.total.cost).toBe(unitsOf("0.100000000000001"));
    expect(tree.total).toMatchObject({ input: 3507, cached: 1100, output: 35, calls: 4, unpriced: 1 });
  });

  test("tells what an agent spent itself from what agents under it did", () => {
    const lead = find(tree, "a");
    expect(lead?.own.cost).toBe(unitsOf("0.090000000000001"));
    expect(lead?.total.cost).toBe(unitsOf("0.100000000000001"));
    expect(find(tree, "d")?.own.cost).toBe(0n);
    expect(find(tree, "e")?.own.cost).toBe(unitsOf("0.01"));
  });

  test("gives a span the time that nothing under it takes, what overlaps counted once", () => {
    // 20 s, of which 1 to 9, 10 to 15 and 16 to 17 are spent below.
    expect(find(tree, "a")?.self.time).toBe(6000);
    expect(find(tree, "d")?.self.time).toBe(2000);
  });

  test("keeps spans whose parent never arrived, and those of one step without a step", () => {
    const lost = span({ span_id: "x", parent_span_id: "gone", kind: "other", name: "lost" }, 0, 0, 1);
    expect(outline(spanTree([...delegated, lost]))).toEqual([
      "trace",
      ["a", ["b", "c"], ["d", ["e", "f"]], "g", "h", "i"],
      "x",
    ]);
  });

  test("is empty for a trace without spans", () => {
    expect(spanTree([]).children).toEqual([]);
  });
});

describe("mergeAlike", () => {
  test("shows siblings of one name as one, and keeps every sum", () => {
    const tree = spanTree(delegated, delegatedSteps);
    const merged = mergeAlike(tree);
    expect(outline(merged)).toEqual(["trace", ["a", ["b", "c"], ["d", ["e", "f"]], "g"]]);
    expect(find(merged, "b")).toMatchObject({ count: 3, span: undefined });
    expect(merged.total).toEqual(tree.total);
  });
});
