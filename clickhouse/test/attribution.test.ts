import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { explain, landSpans, queryView, settle, type ViewRow } from "../src/index.ts";
import { exactSum } from "./exact-sum.ts";
import { randomSpans } from "./random-ledger.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

/** Every failure can be repeated: SEED=… npx vitest run clickhouse/test/attribution.test.ts */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
console.log(`attribution: SEED=${seed}`);

async function land(...spans: Parameters<typeof randomSpans>): Promise<void> {
  await landSpans(ledger.target, randomSpans(...spans));
  await settle(ledger.target);
  await explain(ledger.target);
}

const ask = (view: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<ViewRow[]> =>
  queryView(ledger.target, view, parameters);

const sumOf = (rows: readonly ViewRow[], column = "known_cost_usd"): bigint => exactSum(rows.map((row) => row[column]));

test.each([0, 1, 2, 3])(
  "a trace costs what its agents, their places, steps and causes cost: trace %i",
  async (offset) => {
    await land(seed + offset, 60, 1);
    const [trace] = await ask("trace_cost");
    const cost = exactSum([trace?.["known_cost_usd"]]);
    expect(cost).toBeGreaterThan(0n);
    const parts = {
      agents: sumOf(await ask("agent_cost"), "self_known_cost_usd"),
      places: sumOf(await ask("agent_path_cost"), "self_known_cost_usd"),
      roots: sumOf(
        (await ask("agent_path_cost")).filter((row) => Number(row["depth"]) <= 1),
        "inclusive_known_cost_usd",
      ),
      handoffs: sumOf(await ask("handoffs")),
      steps: sumOf(await ask("step_cost")),
      causes: sumOf(await ask("call_cause_cost", { trace_id: trace?.["trace_id"] })),
    };
    expect(parts).toEqual(Object.fromEntries(Object.keys(parts).map((name) => [name, cost])));
  },
);

test("every trace costs what the causes of its calls cost, and every call", async () => {
  await land(seed, 150);
  const causes = Map.groupBy(await ask("call_cause_cost", { trace_id: "" }), (row) => row["trace_id"]);
  const traces = await ask("trace_cost");
  expect(traces.length).toBeGreaterThan(20);
  for (const { trace_id, known_cost_usd, cost_usd } of traces) {
    const paid = causes.get(trace_id) ?? [];
    expect(sumOf(paid)).toBe(exactSum([known_cost_usd]));
    expect(paid.some((row) => row["cost_usd"] === null)).toBe(cost_usd === null);
    for (const call of await ask("call_detail", { trace_id })) {
      const parts = paid.filter((row) => row["span_id"] === call["span_id"]);
      expect(sumOf(parts)).toBe(call["billed_by"] === "" ? exactSum([call["known_cost_usd"]]) : 0n);
    }
  }
});

test("every view that divides the spending has the same total and the same unknowns, in any window", async () => {
  await land(seed, 150);
  const starts = 1_780_000_000_000;
  const windows = [0.2, 0.55, 0.9].map((share) => ({
    from: new Date(starts + 86_400_000 * share * 0.3),
    to: new Date(starts + 86_400_000 * (0.4 + share * 0.6)),
  }));
  const series = ["model", "agent", "customer", "feature", "service", "provider"].flatMap((by) =>
    ["hour", "day", "week", "month"].map((every) => ({ by, every })),
  );
  for (const window of windows) {
    const [total] = await ask("ledger_total", window);
    const whole = { cost: exactSum([total?.["known_cost_usd"]]), unpriced: Number(total?.["unpriced_calls"]) };
    expect(whole.cost).toBeGreaterThan(0n);
    const totalOf = (rows: readonly ViewRow[]): typeof whole => ({
      cost: sumOf(rows),
      unpriced: rows.reduce((sum, row) => sum + Number(row["unpriced_calls"]), 0),
    });
    for (const view of ["customer_cost", "feature_cost", "conversation_cost", "task_cost", "model_cost", "trace_cost"])
      expect([view, totalOf(await ask(view, window))]).toEqual([view, whole]);
    for (const view of ["step_cost", "handoffs"])
      expect([view, totalOf(await ask(view, window))]).toEqual([view, whole]);
    expect(sumOf(await ask("cause_cost", window))).toBe(whole.cost);
    for (const choice of series)
      expect([choice, totalOf(await ask("cost_over_time", { ...window, ...choice }))]).toEqual([choice, whole]);
    const levels = Map.groupBy(await ask("unit_economics", window), (row) => row["level"]);
    expect(levels.size).toBe(4);
    for (const [level, rows] of levels) expect([level, totalOf(rows)]).toEqual([level, whole]);
  }
});

test("budgets count what the ledger counts", async () => {
  await land(seed, 80);
  await ledger.target.client.insert({
    table: "ledger.budgets",
    values: [
      { scope: "all", period: "year", limit_usd: "1" },
      { scope: "agent", name: "lead", period: "year", limit_usd: "1" },
      { scope: "customer", name: "acme", period: "year", limit_usd: "1" },
      { scope: "feature", name: "search", period: "year", limit_usd: "1" },
    ],
    format: "JSONEachRow",
  });
  const spent = new Map(
    (await ask("budget_status", { at: "2026-12-31T00:00:00Z" })).map((row) => [row["scope"], row["known_cost_usd"]]),
  );
  const [total] = await ask("ledger_total");
  expect(spent.get("all")).toBe(total?.["known_cost_usd"]);
  const lead = (await ask("agent_cost")).find((row) => row["agent_name"] === "lead");
  expect(spent.get("agent")).toBe(lead?.["inclusive_known_cost_usd"]);
  const units = await ask("unit_economics");
  const ofLevel = (level: string, name: string): unknown =>
    units.find((row) => row["level"] === level && row[`${level}_${level === "customer" ? "id" : "name"}`] === name)?.[
      "known_cost_usd"
    ];
  expect(spent.get("customer")).toBe(ofLevel("customer", "acme"));
  expect(spent.get("feature")).toBe(ofLevel("feature", "search"));
});
