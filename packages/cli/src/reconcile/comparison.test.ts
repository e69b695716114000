import { expect, test } from "vitest";
import type { Bill } from "./bill.ts";
import { type BilledDay, compareBill } from "./comparison.ts";
import { constantRatios } from "./constant-ratio.ts";
import { parseMoney } from "./money.ts";

const row = (day: string, known_cost_usd: string, more: Partial<BilledDay> = {}): BilledDay => ({
  day,
  provider: "openai",
  billed_model: "gpt-5.4",
  reported_models: ["gpt-5.4-2026-03-05"],
  calls: "3",
  known_cost_usd,
  tool_fee_usd: "0",
  unpriced_calls: "0",
  unknown_usage_calls: "0",
  estimated_calls: "0",
  estimated_cost_usd: "0",
  other_tier_calls: "0",
  other_tiers: [],
  ...more,
});
const bill = (...lines: [day: string, model: string, amount: string][]): Bill => ({
  lines: lines.map(([day, model, amount]) => ({
    day,
    model,
    item: "input",
    ...(parseMoney(amount) ?? { amount: 0n, decimals: 0 }),
  })),
  days: lines.map(([day]) => day),
  notes: [],
});
const modelOf = (name: string): string => name.replace(/-20\d\d-\d\d-\d\d$/, "");
const differences = (said: Bill, ledger: readonly BilledDay[]): string[] =>
  compareBill(said, ledger, modelOf).map((one) =>
    [one.day, one.model, one.difference_usd, one.explained_by.join("; ")].join("|"),
  );

test("lines of a model are one amount, whichever of its names they use", () => {
  const said = bill(["2026-11-01", "gpt-5.4-2026-03-05", "1.5"], ["2026-11-01", "gpt-5.4", "0.25"]);
  expect(differences(said, [row("2026-11-01", "1.75")])).toEqual(["2026-11-01|gpt-5.4|0|"]);
});

test("a difference is rounding as far as the bill's own decimals go, and no farther", () => {
  expect(differences(bill(["2026-11-01", "gpt-5.4", "1.75"]), [row("2026-11-01", "1.754")])).toEqual([
    "2026-11-01|gpt-5.4|-0.004|rounding",
  ]);
  expect(differences(bill(["2026-11-01", "gpt-5.4", "1.75"]), [row("2026-11-01", "1.756")])).toEqual([
    "2026-11-01|gpt-5.4|-0.006|",
  ]);
});

test("what the ledger does not know explains what the bill has more, and no less", () => {
  const doubtful = row("2026-11-01", "1", { unpriced_calls: "2", unknown_usage_calls: "1" });
  expect(differences(bill(["2026-11-01", "gpt-5.4", "2.00"]), [doubtful])).toEqual([
    "2026-11-01|gpt-5.4|1|2 calls without a price; 1 call whose usage nobody reported",
  ]);
  expect(differences(bill(["2026-11-01", "gpt-5.4", "0.50"]), [doubtful])).toEqual(["2026-11-01|gpt-5.4|-0.5|"]);
  const tiers = row("2026-11-01", "1", { estimated_calls: "1", other_tier_calls: "3", other_tiers: ["batch", "flex"] });
  expect(differences(bill(["2026-11-01", "gpt-5.4", "0.50"]), [tiers])).toEqual([
    "2026-11-01|gpt-5.4|-0.5|1 call counted here, by estimate; 3 calls at other tiers (batch, flex)",
  ]);
});

test("what only one of them has is named, and days that the bill does not cover are left out", () => {
  const said = bill(["2026-11-01", "o3", "2.00"], ["2026-11-02", "gpt-5.4", "1.00"]);
  expect(differences(said, [row("2026-11-01", "1"), row("2026-11-02", "1"), row("2026-11-03", "9")])).toEqual([
    "2026-11-01|gpt-5.4|-1|not on the bill: another account, or billed on another day",
    "2026-11-01|o3|2|not in the ledger: calls it never saw",
    "2026-11-02|gpt-5.4|0|",
  ]);
});

test("fees that the bill lists apart are taken apart in the ledger too", () => {
  const ledger = [row("2026-11-01", "1.03", { tool_fee_usd: "0.03" })];
  const said = bill(["2026-11-01", "gpt-5.4", "1.0000"], ["2026-11-01", "", "0.03"]);
  expect(differences(said, ledger)).toEqual(["2026-11-01|fees|0|", "2026-11-01|gpt-5.4|0|"]);
});

test("a model that is billed at one rate throughout is found", () => {
  const said = bill(["2026-11-01", "gpt-5.4", "0.85"], ["2026-11-02", "gpt-5.4", "1.70"], ["2026-11-02", "o3", "7"]);
  const days = compareBill(said, [row("2026-11-01", "1"), row("2026-11-02", "2")], modelOf);
  expect(constantRatios(days)).toEqual([{ model: "gpt-5.4", ratio: 0.85, days: 2 }]);
});
