import { afterAll, beforeAll, expect, test } from "vitest";
import { landSpans } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

const parts = async (): Promise<number> => {
  const [row] = await selectRows<{ parts: number }>(
    ledger.target,
    "SELECT toUInt32(count()) AS parts FROM system.parts WHERE active AND database = 'ledger' AND table = 'llm_calls'",
  );
  return row?.parts ?? 0;
};
const comparing = async (): Promise<number> => {
  const pipeline = await selectRows<{ explain: string }>(
    ledger.target,
    "EXPLAIN PIPELINE SELECT sum(known_cost_usd) FROM ledger.llm_calls FINAL",
  );
  return pipeline.filter(({ explain }) => explain.includes("Replacing")).length;
};

test("every table of facts settles so", async () => {
  const others = await selectRows<{ name: string }>(
    ledger.target,
    `SELECT name FROM system.tables
     WHERE database = 'ledger' AND engine = 'ReplacingMergeTree' AND partition_key != ''
       AND NOT match(engine_full, 'min_age_to_force_merge_seconds = 3600, min_age_to_force_merge_on_partition_only = (1|true)')`,
  );
  expect(others).toEqual([]);
});

test("a week that was left in peace is one part, where FINAL compares nothing; a late row is compared again", async () => {
  const run = (query: string): Promise<unknown> => ledger.store.client.command({ query });
  const usage = { input_tokens: 1_000, output_tokens: 100 };
  await run("SYSTEM STOP MERGES ledger.llm_calls");
  for (const number of [1, 2, 1]) await landSpans(ledger.target, [span({ span: number }, opusCall(usage, {}))]);
  expect(await parts()).toBe(3);
  expect(await comparing()).toBeGreaterThan(0);
  await run("ALTER TABLE ledger.llm_calls MODIFY SETTING min_age_to_force_merge_seconds = 1");
  await run("SYSTEM START MERGES ledger.llm_calls");
  await expect.poll(parts, { timeout: 60_000 }).toBe(1);
  expect(await comparing()).toBe(0);
  await run("SYSTEM STOP MERGES ledger.llm_calls");
  await landSpans(ledger.target, [span({ span: 1 }, opusCall(usage, {}))]);
  expect(await comparing()).toBeGreaterThan(0);
});
