import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LandingRow, landSpans, queryView, settle, type ViewRow } from "../src/index.ts";
import { exactSum } from "./exact-sum.ts";
import { randomSpans } from "./random-ledger.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

/** Every failure can be repeated: SEED=… npx vitest run clickhouse/test/cost-change.test.ts */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
console.log(`cost change: SEED=${seed}`);

const parts = ["volume_usd", "mix_usd", "length_usd", "cache_usd", "price_usd", "unpriced_usd"] as const;
const sumOf = (rows: readonly ViewRow[], column: string): bigint => exactSum(rows.map((row) => row[column]));

test("the parts sum to the difference, to the last digit, of any two periods, however they are divided", async () => {
  await landSpans(ledger.target, randomSpans(seed, 200));
  await settle(ledger.target);
  const starts = 1_780_000_000_000;
  const instant = fc.nat(86_400).map((second) => starts + second * 1000);
  const period = fc
    .uniqueArray(instant, { minLength: 2, maxLength: 2 })
    .map((ends) => ends.toSorted((one, other) => one - other))
    .map(([from = 0, to = 0]) => ({ from: new Date(from), to: new Date(to) }));
  const by = fc.constantFrom("model", "agent", "customer", "feature");
  await fc.assert(
    fc.asyncProperty(period, period, by, async (base, later, by) => {
      const asked = { ...later, base_from: base.from, base_to: base.to, by };
      const rows = await queryView(ledger.target, "cost_change", asked);
      for (const row of rows) expect(exactSum(parts.map((part) => row[part]))).toBe(exactSum([row["difference_usd"]]));
      const [before] = await queryView(ledger.target, "ledger_total", base);
      const [after] = await queryView(ledger.target, "ledger_total", later);
      expect(sumOf(rows, "base_known_cost_usd")).toBe(exactSum([before?.["known_cost_usd"]]));
      expect(sumOf(rows, "known_cost_usd")).toBe(exactSum([after?.["known_cost_usd"]]));
      expect(rows.reduce((sum, row) => sum + Number(row["calls"]), 0)).toBe(Number(after?.["calls"]));
    }),
    { seed, numRuns: 12, endOnFailure: true },
  );
});

interface Call {
  readonly input: number;
  readonly read?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly model?: string;
}

const days = { base: "2026-06-01", later: "2026-06-02" };
let lastSpan = 0;
const landed = (
  day: string,
  { input, read, output = 0, reasoning = 0, model = "claude-opus-4-6" }: Call,
): LandingRow => {
  const usage = {
    input_tokens: input,
    output_tokens: output,
    "reasoning.output_tokens": reasoning,
    ...(read !== undefined && { "cache_read.input_tokens": read }),
  };
  const provider = model.startsWith("claude") ? "anthropic" : "openai";
  const attributes = { "gen_ai.provider.name": provider, "gen_ai.response.model": model };
  return span({ span: ++lastSpan }, opusCall(usage, attributes), { Timestamp: `${day} 10:00:00` });
};

/** The parts that are not zero of what changed from calls of one day to those of the next. */
async function change(base: readonly Call[], later: readonly Call[]): Promise<Record<string, string>> {
  const spans = [...base.map((call) => landed(days.base, call)), ...later.map((call) => landed(days.later, call))];
  await landSpans(ledger.target, spans);
  await settle(ledger.target);
  return changed({ base: [days.base, days.later], later: [days.later, "2026-06-03"] });
}

async function changed(periods: Record<"base" | "later", readonly string[]>): Promise<Record<string, string>> {
  const [base_from, base_to] = periods.base.map((day) => `${day}T00:00:00Z`);
  const [from, to] = periods.later.map((day) => `${day}T00:00:00Z`);
  const rows = await queryView(ledger.target, "cost_change", { base_from, base_to, from, to, by: "model" });
  const totals = parts.map((part) => [part, (Number(sumOf(rows, part)) / 1e15).toFixed(6)] as const);
  return Object.fromEntries(totals.filter(([, total]) => Number(total) !== 0));
}

const opus = { input: 10_000, output: 100 };

test("more calls of the same kind are volume", async () => {
  expect(await change([opus, opus], [opus, opus, opus])).toEqual({ volume_usd: "0.052500" });
});

test("another share of the models is mix, and so is a model that is new", async () => {
  const mini = { input: 10_000, output: 100, model: "gpt-4o-mini" };
  expect(await change([opus, mini], [opus, opus])).toEqual({ mix_usd: "0.050940" });
  await ledger.clear();
  expect(await change([opus], [mini])).toEqual({ mix_usd: "-0.050940" });
});

test("longer prompts and answers are length", async () => {
  const longer = { input: 15_000, output: 300 };
  expect(await change([opus, opus], [longer, opus])).toEqual({ length_usd: "0.030000" });
});

test("another share read from the cache is cache, at its list price where it is new", async () => {
  expect(await change([{ ...opus, read: 0 }], [{ ...opus, read: 8_000 }])).toEqual({ cache_usd: "-0.036000" });
  await ledger.clear();
  const read = (share: number): Call => ({ input: 10_000, read: share });
  expect(await change([read(5_000)], [read(9_000)])).toEqual({ cache_usd: "-0.018000" });
});

test("another price of the same tokens is price", async () => {
  // The price of o3 falls to a fifth on 10 June.
  const call = { input: 10_000, output: 100, model: "o3" };
  const spans = ["2026-06-09", "2026-06-10"].map((day) => landed(day, call));
  await landSpans(ledger.target, spans);
  expect(await changed({ base: ["2026-06-09", "2026-06-10"], later: ["2026-06-10", "2026-06-11"] })).toEqual({
    price_usd: "-0.083200",
  });
});

test("everything at once is taken in order: volume, mix, length, cache, price", async () => {
  const base = [opus, { input: 1_000, output: 10, model: "o3" }];
  const later = [{ input: 20_000, read: 10_000, output: 100 }, opus, opus, { input: 2_000, output: 10, model: "o3" }];
  // Base 0.0525 + 0.0104. Twice the calls; three opus for two and one o3 for two; then tokens, then what was cached.
  expect(await change(base, later)).toEqual({
    volume_usd: "0.062900",
    mix_usd: "0.042100",
    length_usd: "0.060000",
    cache_usd: "-0.045000",
  });
});

test("what is known of calls that have no full price is apart", async () => {
  // The catalogue has no price for what gpt-4o-mini thinks.
  const halfKnown = { input: 10_000, output: 100, reasoning: 50, model: "gpt-4o-mini" };
  expect(await change([opus, halfKnown], [opus])).toEqual({ unpriced_usd: "-0.001530" });
});
