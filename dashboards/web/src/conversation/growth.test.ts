import { describe, expect, test } from "vitest";
import { gapsOf } from "./cache-life.ts";
import { columnsPath, stack, ticks } from "./growth.ts";
import { turn } from "./turn.fixture.ts";

const turns = [
  turn({ read: 0, written: 1000, full: 50 }),
  turn({ read: 1000, written: 200, full: 0 }, { idle_ms: 60_000 }),
  turn({ read: 0, written: 1300, full: 0 }, { idle_ms: 1_200_000, rewritten_tokens: "1200", rewrite_loss_usd: "0.04" }),
];

describe("stack", () => {
  test("layers sum to the billed input, and those that hold nothing are left out", () => {
    const { layers, highest } = stack(turns, "payment");
    expect(layers.map(({ name, from, to, sum }) => ({ name, from, to, sum }))).toEqual([
      { name: "Read from the cache", from: [0, 0, 0], to: [0, 1000, 0], sum: 1000 },
      { name: "Written to the cache", from: [0, 1000, 0], to: [1000, 1200, 1300], sum: 2500 },
      { name: "Paid in full", from: [1000, 1200, 1300], to: [1050, 1200, 1300], sum: 50 },
    ]);
    expect(highest).toBe(1300);
    expect(stack(turns, "pieces").layers.map(({ name }) => name)).toEqual(["Not recorded"]);
    expect(stack([turn({ read: 1, written: 1, full: 1 }, { unrecorded_tokens: null })], "pieces").layers).toEqual([]);
  });

  test("is drawn as a column a turn, the highest as high as the drawing", () => {
    const [, written] = stack(turns, "payment").layers;
    const size = { width: 10, height: 130, highest: 1300, gap: 1 };
    expect(columnsPath(written ?? { from: [], to: [] }, size)).toBe(
      "M0.00 130.00V30.00H9.00V130.00ZM10.00 30.00V10.00H19.00V30.00ZM20.00 130.00V0.00H29.00V130.00Z",
    );
  });

  test.each([
    [0, []],
    [1300, [500, 1000]],
    [90, [25, 50, 75]],
    [200_000, [50_000, 100_000, 150_000, 200_000]],
  ])("has round values on its axis up to %d", (highest, expected) => {
    expect(ticks(highest)).toEqual(expected);
  });
});

describe("gapsOf", () => {
  test("says how much of a gap the cache lived through, and what writing again cost", () => {
    expect(gapsOf(turns)).toMatchObject([
      { from: 0, to: 1, alive: 1, cachedTokens: 1000, rewrittenTokens: 0, lossUsd: "0" },
      { from: 1, to: 2, alive: 0.25, cachedTokens: 1200, rewrittenTokens: 1200, lossUsd: "0.04" },
    ]);
  });

  test("keeps agents apart, and claims no end of a cache whose life nobody told", () => {
    const other = turn({ read: 0, written: 9, full: 0 }, { agent_name: "other", kept_for: "" });
    const later = turn({ read: 9, written: 0, full: 0 }, { agent_name: "other", idle_ms: 9_000_000 });
    const [first] = turns;
    expect(gapsOf([other, ...(first ? [first] : []), later])).toMatchObject([
      { from: 0, to: 2, keptMs: undefined, alive: 1 },
    ]);
  });
});
