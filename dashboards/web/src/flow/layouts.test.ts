import { expect, test } from "vitest";
import { workFlows } from "./agent-flows.ts";
import { flowGraph } from "./flow-graph.ts";
import { sankeyLayout } from "./sankey-layout.ts";
import { nearestStop, positionOf, stopAt, turnStops } from "./stops.ts";
import { treemapLayout } from "./treemap-layout.ts";

const work = (...rows: (readonly [from: string, to: string, cost: string])[]) =>
  flowGraph(
    workFlows(
      rows.map(([from_agent, to_agent, known_cost_usd]) => ({
        from_agent,
        to_agent,
        known_cost_usd,
        unpriced_calls: "0",
        kind: from_agent === "" ? "start" : "handoff",
      })),
    ),
  );

test("flows are as wide as their money, and lie inside the rectangle", () => {
  const { nodes, links } = sankeyLayout(work(["", "a", "4"], ["a", "b", "1"], ["a", "c", "2"]), 600, 300);
  const [start, toB, toC] = links.map(({ width }) => width);
  expect(toC).toBeCloseTo(2 * (toB ?? 0));
  expect(start).toBeCloseTo(4 * (toB ?? 0));
  for (const { x, y, width, height } of nodes) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(600);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(300);
  }
});

test("what arrives and does not go on is what the agent keeps", () => {
  const { nodes } = sankeyLayout(work(["", "a", "4"], ["a", "b", "1"]), 600, 300);
  const kept = Object.fromEntries(nodes.map(({ label, kept }) => [label, kept]));
  expect(kept["a"]).toBeCloseTo(0.75);
  expect(kept["b"]).toBe(1);
});

test("flows of nothing are drawn as lines, even where all cost nothing", () => {
  const some = sankeyLayout(work(["", "a", "1"], ["a", "b", "0"]), 600, 300);
  const none = sankeyLayout(work(["", "a", "0"], ["a", "b", "0"]), 600, 300);
  for (const { width, path } of [...some.links, ...none.links]) {
    expect(width).toBeGreaterThanOrEqual(1);
    expect(path).toMatch(/^M[\d.]+,[\d.]+C/);
  }
});

test("no flows are no drawing", () => {
  expect(sankeyLayout({ nodes: [], links: [] }, 600, 300)).toEqual({ nodes: [], links: [] });
});

test("two hundred agents in a row still fit", () => {
  const rows = Array.from({ length: 200 }, (_, at) => ["root", `agent-${at}`, String(at)] as const);
  const { nodes } = sankeyLayout(work(...rows), 600, 300);
  expect(Math.max(...nodes.map(({ y, height }) => y + height))).toBeLessThanOrEqual(301);
});

const parts = (amounts: Record<string, string>, group = "") =>
  Object.entries(amounts).map(([key, amount]) => ({ key, amount, group }));

test("areas are in proportion to money and do not overlap", () => {
  const tiles = treemapLayout(parts({ a: "6", b: "3", c: "1" }), 500, 200);
  const area = Object.fromEntries(tiles.map(({ part, width, height }) => [part.key, width * height]));
  expect((area["a"] ?? 0) / (area["b"] ?? 1)).toBeCloseTo(2, 0);
  expect(tiles.map(({ part }) => part.key)).toEqual(["a", "b", "c"]);
  for (const [at, one] of tiles.entries())
    for (const other of tiles.slice(at + 1)) {
      const overlaps =
        one.x < other.x + other.width &&
        other.x < one.x + one.width &&
        one.y < other.y + other.height &&
        other.y < one.y + one.height;
      expect(overlaps).toBe(false);
    }
});

test("parts of nothing or less than nothing have no area, and nothing has no tiles", () => {
  expect(treemapLayout(parts({ a: "1", b: "0", c: "-2" }), 500, 200).map(({ part }) => part.key)).toEqual(["a"]);
  expect(treemapLayout(parts({ b: "0" }), 500, 200)).toEqual([]);
});

test("parts of one group lie together", () => {
  const both = [...parts({ a: "5", b: "4" }, "waste"), ...parts({ c: "6", d: "2" }, "work")];
  const groups = treemapLayout(both, 500, 200).map(({ part }) => part.group);
  expect(groups).toEqual(["waste", "waste", "work", "work"]);
});

test("a slider takes the nearest stop to what an address says, whatever it says", () => {
  expect(nearestStop(turnStops, 12)).toBe(10);
  expect(nearestStop(turnStops, 10_000)).toBe(200);
  expect(nearestStop(turnStops, -1)).toBe(0);
  expect(nearestStop(turnStops, Number.NaN)).toBe(0);
  for (const stop of turnStops) expect(stopAt(turnStops, positionOf(turnStops, stop))).toBe(stop);
  expect(stopAt(turnStops, 99)).toBe(200);
});
