import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listViews, settle } from "../src/index.ts";
import { fillPlaceholders, statements } from "../src/sql-files.ts";
import { viewQuery } from "../src/views.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

const views = new URL("../views/", import.meta.url);
const casesOf = (view: string): string[] => {
  const folder = new URL(`${view}/cases/`, views);
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
};

/**
 * What the view answers, as TSVWithNames, when the rows of `given.sql` have landed at the prices of catalogue.ts,
 * whose version is spelled CATALOGUE. UPDATE_CASES=1 writes what it finds.
 */
async function answer(view: string, folder: URL): Promise<string> {
  const { target } = ledger;
  await ledger.clear();
  const given = fillPlaceholders(readFileSync(new URL("given.sql", folder), "utf8"), { database: target.database });
  for (const query of statements(given))
    await target.client.command({ query, clickhouse_settings: { async_insert: 0 } });
  await settle(target);
  const parameters = JSON.parse(readFileSync(new URL("params.json", folder), "utf8")) as Record<string, unknown>;
  const { query, bound } = viewQuery(target, view, parameters);
  const result = await target.client.query({ query, query_params: bound, format: "TabSeparatedWithNames" });
  return (await result.text()).replaceAll(String(ledger.priceVersion), "CATALOGUE");
}

describe.each(listViews().map(({ name }) => name))("%s", (view) => {
  test("has a case", () => {
    expect(casesOf(view)).not.toEqual([]);
  });

  test.each(casesOf(view))("%s", async (name) => {
    const folder = new URL(`${view}/cases/${name}/`, views);
    const got = await answer(view, folder);
    if (process.env["UPDATE_CASES"] !== undefined) writeFileSync(new URL("expected.tsv", folder), got);
    expect(got).toBe(readFileSync(new URL("expected.tsv", folder), "utf8"));
  });
});
