import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listViews } from "../src/index.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";
import { answerOf, casesOf, expectedOf } from "./view-cases.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

describe.each(listViews().map(({ name }) => name))("%s", (view) => {
  test("has a case", () => {
    expect(casesOf(view)).not.toEqual([]);
  });

  // UPDATE_CASES=1 writes what it finds.
  test.each(casesOf(view))("%s", async (name) => {
    const got = await answerOf(ledger, view, name);
    if (process.env["UPDATE_CASES"] !== undefined) writeFileSync(expectedOf(view, name), got);
    expect(got).toBe(readFileSync(expectedOf(view, name), "utf8"));
  });
});
