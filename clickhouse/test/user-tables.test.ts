import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { insertCsv, queryView, type UserTable, userTables } from "../src/index.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

function insert(name: UserTable["name"], ...lines: readonly string[]): Promise<number> {
  const table = userTables.find((one) => one.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return insertCsv(ledger.target, table, lines[0] ?? "", () =>
    Readable.from([lines.join("\n")], { objectMode: false }),
  );
}

const limits = async (at: string): Promise<unknown[]> =>
  (await queryView(ledger.target, "budget_status", { at })).map((row) => [row["scope"], row["name"], row["limit_usd"]]);

test("a file may be imported again, corrected", async () => {
  const header = "customer_id,feature_name,starts_at,ends_at,revenue_usd,source";
  const row = (paid: string): string => `"acme, Inc.",,2026-05-01,2026-06-01T00:00:00Z,${paid},plan`;
  expect(await insert("revenue", `\uFEFF${header}`, row("99.5"))).toBe(1);
  await insert("revenue", header, row("99.5"), row("120.123456789012345"));
  const [whole] = (await queryView(ledger.target, "unit_economics")).filter((one) => one["level"] === "whole");
  expect(whole?.["revenue_usd"]).toBe("120.123456789012345");
});

test("a budget holds from its day until a newer one, and an empty limit ends it", async () => {
  await insert(
    "budgets",
    "scope,period,limit_usd,valid_from,name",
    "all,month,10,2026-05-01,",
    "all,month,20,2026-07-01,",
  );
  await insert(
    "budgets",
    "scope,name,period,limit_usd,valid_from",
    "customer,acme,day,5,2026-05-01",
    "customer,acme,day,,2026-06-01",
  );
  expect(await limits("2026-04-30T12:00:00Z")).toEqual([]);
  expect(await limits("2026-05-31T12:00:00Z")).toEqual([
    ["all", "", "10"],
    ["customer", "acme", "5"],
  ]);
  expect(await limits("2026-07-01T00:00:00Z")).toEqual([["all", "", "20"]]);
});

test.each([
  ["budgets", ["scope,period,limit", "all,month,1"], 'it lacks limit_usd, and "limit" is none of them'],
  ["revenue", ["customer_id;starts_at;ends_at;revenue_usd", "acme;2026-05-01;2026-06-01;1"], "with commas between"],
  ["revenue", [""], "it lacks customer_id, starts_at, ends_at, revenue_usd"],
  [
    "revenue",
    ["customer_id,starts_at,ends_at,revenue_usd", "acme,2026-06-01,2026-05-01,1"],
    "ends_at_is_after_starts_at",
  ],
  [
    "revenue",
    ["customer_id,starts_at,ends_at,revenue_usd", "acme,2026-05-01,2026-06-01,a lot"],
    "(row 1) at revenue_usd",
  ],
  ["budgets", ["scope,period,limit_usd", "everything,month,1"], "scope_is_all_customer_feature_or_agent"],
  ["budgets", ["scope,period,limit_usd", "customer,month,1"], "only_all_has_no_name"],
] as const)("%s: what is wrong in %j is named, and nothing is kept", async (name, lines, message) => {
  await expect(insert(name, ...lines)).rejects.toThrow(message);
  expect(await limits("2026-12-01T00:00:00Z")).toEqual([]);
  const revenues = (await queryView(ledger.target, "unit_economics")).map((row) => row["revenue_usd"]);
  expect(revenues).toEqual([null]);
});
