import { expect, test } from "vitest";
import { type Alternative, isRange, outcomeBetween, outcomeOf } from "./alternative.ts";

const row = (changes: Partial<Alternative>): Alternative => ({
  provider: "anthropic",
  model: "m",
  agent_name: "a",
  calls: "2",
  changed_calls: "1",
  unpriced_calls: "0",
  cost_usd: "1",
  known_cost_usd: "1",
  what_if_cost_usd: "0.75",
  saved_usd: "0.25",
  ...changes,
});

test("answers add up to the last digit, and counts beyond what a float holds", () => {
  const rows = [
    row({ saved_usd: "0.100000000000001", calls: "9007199254740993" }),
    row({ saved_usd: "0.200000000000002", calls: "1", unrecorded_calls: "3" }),
  ];
  expect(outcomeOf(rows)).toMatchObject({
    saved: "0.300000000000003",
    billed: "2.000000000000000",
    calls: "9007199254740994",
    unrecorded: "3",
  });
});

test("an answer without bounds is a figure, one with bounds a range", () => {
  expect(isRange(outcomeOf([row({})]))).toBe(false);
  expect(isRange(outcomeOf([row({ least_saved_usd: "0.2", most_saved_usd: "0.3" }), row({})]))).toBe(true);
});

test("a plan of caching lies between itself and the best one, whichever saves more", () => {
  const [plain, best] = [outcomeOf([row({ saved_usd: "-0.5" })]), outcomeOf([row({ saved_usd: "0.5" })])];
  for (const between of [outcomeBetween(plain, best), outcomeBetween(best, plain)])
    expect(between).toMatchObject({ least: "-0.500000000000000", most: "0.500000000000000" });
});
