import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryView } from "../src/index.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

const seed = Number(process.env["SEED"] ?? 20_261_122);
const firstDay = Date.UTC(2026, 0, 5);
const dayLength = 86_400_000;
const ahead = 7;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
const meanOf = (numbers: readonly number[]): number => sumOf(numbers) / numbers.length;

/** Four months that grow by a third, with quiet weekends: USD of each day. */
const chances = fc.sample(fc.noBias(fc.nat(1_000_000)), { seed, numRuns: 4 * 120 }).map((chance) => chance / 1_000_000);
const spending = Array.from({ length: 120 }, (_, day) => {
  const weekend = day % 7 >= 5;
  // Nearly normal, of a fifth.
  const noise = Math.exp(0.2 * Math.sqrt(3) * (sumOf(chances.slice(4 * day, 4 * day + 4)) - 2));
  return Math.round((weekend ? 4 : 10) * (1 + day / 360) * noise * 100) / 100;
});

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
  // Written as facts: landing makes a partition a day, and a test need not wait for four months of them.
  const calls = spending.map((dollars, day) => ({
    started_at: new Date(firstDay + day * dayLength).toISOString().replace("T", " ").replace("Z", ""),
    span_id: String(day + 1),
    customer_id: "acme",
    cost_usd: dollars.toFixed(2),
    known_cost_usd: dollars.toFixed(2),
  }));
  await ledger.target.client.insert({ table: "ledger.llm_calls", values: calls, format: "JSONEachRow" });
});
afterAll(() => ledger.stop());

interface Forecast {
  readonly estimated: number;
  readonly low: number;
  readonly high: number;
  readonly usual: number;
}

/** What is forecast at the start of a day for the week from it, knowing nothing of it. */
async function forecastAt(day: number, scope: { scope: string; name: string }): Promise<Forecast[]> {
  const to = new Date(firstDay + day * dayLength);
  const rows = await queryView(ledger.target, "burn_rate", { to, days: ahead, ...scope });
  return rows.map((row) => ({
    estimated: Number(row["estimated_total_usd"]),
    low: Number(row["low_total_usd"]),
    high: Number(row["high_total_usd"]),
    usual: Number(row["same_weekday_mean_usd"]),
  }));
}

test("of weeks that it has not seen, four of five are between low and high, and the estimate is near", async () => {
  const origins = Array.from({ length: 15 }, (_, index) => 50 + 4 * index);
  const weeks = await Promise.all(
    origins.map(async (origin) => {
      const forecast = (await forecastAt(origin, { scope: "customer", name: "acme" })).at(-1);
      if (forecast === undefined) throw new Error(`no forecast on day ${origin}`);
      const before = sumOf(spending.slice(origin - ahead, origin));
      return { ...forecast, before, actual: sumOf(spending.slice(origin, origin + ahead)) };
    }),
  );
  const inside = meanOf(weeks.map(({ low, high, actual }) => Number(low <= actual && actual <= high)));
  const error = meanOf(weeks.map(({ estimated, actual }) => Math.abs(estimated / actual - 1)));
  const errorOfRepeating = meanOf(weeks.map(({ before, actual }) => Math.abs(before / actual - 1)));
  const bias = meanOf(weeks.map(({ estimated, actual }) => estimated / actual - 1));
  console.log(`burn rate: SEED=${seed}`, { inside, error, errorOfRepeating, bias });
  expect(inside).toBeGreaterThanOrEqual(0.6);
  expect(error).toBeLessThan(errorOfRepeating);
  expect(error).toBeLessThan(0.1);
  expect(Math.abs(bias)).toBeLessThan(0.05);
});

test("a forecast knows weekends, and the interval widens with what it adds up", async () => {
  const week = await forecastAt(112, { scope: "all", name: "" });
  const [monday, , , , , saturday] = week.map(({ usual }) => usual);
  expect(Number(saturday) / Number(monday)).toBeLessThan(0.6);
  const widths = week.map(({ low, high }) => high - low);
  expect(widths.at(-1)).toBeGreaterThan(widths[0] ?? 0);
  for (const { low, estimated, high } of week)
    expect([low, estimated, high].toSorted((a, b) => a - b)).toEqual([low, estimated, high]);
});

test("without a week of history there is no forecast, and without three no interval", async () => {
  expect(await forecastAt(6, { scope: "all", name: "" })).toEqual([]);
  const [early] = await queryView(ledger.target, "burn_rate", {
    to: new Date(firstDay + 9 * dayLength),
    days: 1,
    scope: "all",
    name: "",
  });
  expect(early).toMatchObject({ low_total_usd: null, high_total_usd: null, days_of_history: "9" });
  expect(Number(early?.["estimated_total_usd"])).toBeCloseTo(spending[2] ?? 0, 6);
  expect(await queryView(ledger.target, "burn_rate", { days: 1, scope: "customer", name: "nobody" })).toEqual([]);
});
