import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listViews } from "../src/index.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";
import { answerOf, casesOf, expectedOf, listCases } from "./view-cases.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

test.each(listViews())("$name has a case", ({ name }) => {
  expect(casesOf(name)).not.toEqual([]);
});

// UPDATE_CASES=1 writes what it finds.
test.each(listCases())("$view: $name", async (one) => {
  const got = await answerOf(ledger, one);
  if (process.env["UPDATE_CASES"] !== undefined) writeFileSync(expectedOf(one), got);
  expect(got).toBe(readFileSync(expectedOf(one), "utf8"));
});
