import { describe, expect, test } from "vitest";
import { type Difference, verdictOf } from "./diff-text.ts";

const total = (
  known_cost_usd: string,
  other_known_cost_usd: string,
  change_usd: string,
  more: Partial<Difference> = {},
): Difference[] => [
  {
    cause: "",
    calls: "1",
    other_calls: "1",
    tokens: "10",
    other_tokens: "10",
    unpriced_calls: "0",
    other_unpriced_calls: "0",
    known_cost_usd,
    other_known_cost_usd,
    change_usd,
    change_percent: null,
    ...more,
  },
];

describe("a limit", () => {
  test.each([
    ["10", "1", "1.1", "0.1", false],
    ["10", "1", "1.100000000000001", "0.100000000000001", true],
    ["12.5", "0.8", "0.9", "0.1", false],
    ["12.4", "0.8", "0.9", "0.1", true],
    ["10", "1", "0.2", "-0.8", false],
    ["10", "0", "0.000001", "0.000001", true],
    ["0", "1", "1", "0", false],
  ])("of %s %% on %s → %s", (percent, one, other, change, failed) => {
    expect(verdictOf(total(one, other, change), { percent })).toMatchObject({ failed });
  });

  test("in dollars and one in per cent both hold", () => {
    const rows = total("1", "1.3", "0.3");
    expect(verdictOf(rows, { usd: "0.50", percent: "40" })).toMatchObject({ failed: false });
    expect(verdictOf(rows, { usd: "0.50", percent: "20" })?.reason).toContain("the limit is 20 %");
    expect(verdictOf(rows, { usd: "0.20", percent: "40" })?.reason).toContain("the limit is $0.2000");
  });

  test("is not kept where a cost is unknown, and nobody asked for none", () => {
    const rows = total("1", "1", "0", { other_unpriced_calls: "2" });
    expect(verdictOf(rows, { percent: "10" })).toMatchObject({
      failed: true,
      reason: expect.stringContaining("2 calls"),
    });
    expect(verdictOf(rows, {})).toBeUndefined();
  });
});
