import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain, landSpans, queryView, settle } from "../../src/index.ts";
import { startTestLedger, type TestLedger } from "../test-ledger.ts";
import { groundTruth, plantedWindow } from "./ground-truth.ts";
import { costOf, dollars, tokensOf } from "./planted-call.ts";
import { plantedRows } from "./planted-rows.ts";
import type { Row } from "./sums.ts";

const seed = Number(process.env["SEED"] ?? 20_261_122);
const { rows, calls } = groundTruth(seed);

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
  await landSpans(ledger.target, rows);
  await settle(ledger.target);
  await explain(ledger.target);
});
afterAll(() => ledger.stop());

/** What a view answers, cut to the columns that are planted; values as text. */
async function found(view: string, columns: readonly string[]): Promise<Row[]> {
  const answered = await queryView(ledger.target, view, plantedWindow);
  return answered.map((row) => Object.fromEntries(columns.map((name) => [name, String(row[name])])));
}

const sorted = (some: readonly Row[]): Row[] =>
  some.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

test("the ledger holds what was billed", async () => {
  const cost = calls.reduce((sum, call) => sum + costOf(call), 0n);
  const tokens = calls.reduce((sum, call) => sum + tokensOf(call), 0);
  const [total] = await queryView(ledger.target, "ledger_total", plantedWindow);
  expect(String(total?.["cost_usd"])).toBe(dollars(cost));
  expect(Number(total?.["input_tokens"]) + Number(total?.["output_tokens"])).toBe(tokens);
});

describe("what is planted is found, to the token and the last digit, by", () => {
  test.each(Object.entries(plantedRows))("%s", async (view, plantedIn) => {
    const planted = plantedIn(calls);
    const columns = Object.keys(planted[0] ?? {});
    expect(columns, `seed ${seed} plants nothing`).not.toEqual([]);
    expect(sorted(await found(view, columns)), `seed ${seed}`).toEqual(sorted(planted));
  });
});
