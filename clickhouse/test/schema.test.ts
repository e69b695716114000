import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { definitions, deployment } from "../src/deploy.ts";
import { type LedgerTarget, selectRows } from "../src/ledger-target.ts";
import { migrationSources, sqlFiles, statements } from "../src/sql-files.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

const root = new URL("../", import.meta.url);
const schemaFile = new URL("schema.sql", root);

/** What all migrations and definitions produce together, as the server prints it. */
async function schemaOf({ target }: TestLedger): Promise<string> {
  const objects = await selectRows<{ definition: string }>(
    target,
    `SELECT formatQuery(replaceRegexpAll(tables.create_table_query, ' DEFINER = \\\\w+ SQL SECURITY DEFINER', '')) AS definition
     FROM system.tables AS tables WHERE tables.database = {database:String}
     ORDER BY tables.engine LIKE '%View', tables.name`,
    { database: target.database },
  );
  const heading =
    "-- What the migrations, facts and views produce together. Generated: UPDATE_SCHEMA=1 npx vitest run clickhouse/test/schema.test.ts\n";
  return `${heading}\n${objects.map(({ definition }) => `${definition.replaceAll(/\bledger\./g, "tokenledger.")};\n`).join("\n")}`;
}

test("the schema is the one on file", async () => {
  const schema = await schemaOf(ledger);
  if (process.env["UPDATE_SCHEMA"] !== undefined) writeFileSync(schemaFile, schema);
  expect(schema).toBe(readFileSync(schemaFile, "utf8"));
});

test("a row's partition follows from its key, so that FINAL may look at each by itself", async () => {
  const tables = await selectRows<{ partition_key: string; sorting_key: string }>(
    ledger.target,
    `SELECT tables.partition_key AS partition_key, tables.sorting_key AS sorting_key FROM system.tables AS tables
     WHERE tables.database = {database:String} AND tables.engine LIKE '%ReplacingMergeTree' AND tables.partition_key != ''`,
    { database: ledger.target.database },
  );
  expect(tables.length).toBeGreaterThan(5);
  for (const table of tables) {
    expect(table.partition_key).toBe("toMonday(started_at)");
    expect(table.sorting_key).toMatch(/(^|\W)(started_at|toDate\(started_at\))(,|$)/);
  }
});

describe("as that of a cluster", () => {
  const target = (): LedgerTarget => ({ ...ledger.target, cluster: { name: "main" } });
  const created = (): string[] =>
    [...sqlFiles("migrations", target()), ...definitions(target())].flatMap(({ text }) => statements(text));
  const redeployed = (): string[] => definitions(target()).flatMap((file) => deployment(target(), file, true));

  test("every statement is parsed, and goes to every node", async () => {
    for (const query of [...created(), ...redeployed()]) {
      const [row] = await selectRows<{ text: string }>(ledger.target, "SELECT formatQuery({query:String}) AS text", {
        query,
      });
      expect(row?.text).toContain("ON CLUSTER main");
    }
  });

  test("every table that stores is replicated: a part among its shard's nodes, any other among all", () => {
    const engines = created().flatMap((query) => {
      const [, table = "", engine = ""] = /^CREATE TABLE IF NOT EXISTS (\S+)[\s\S]*?^ENGINE = (.*)/m.exec(query) ?? [];
      return engine === "" || engine === "Null" ? [] : [[table, engine] as const];
    });
    expect(engines.length).toBeGreaterThan(10);
    for (const [table, engine] of engines) {
      const place = table.endsWith("_local")
        ? "('/clickhouse/tables/{database}/{table}/{shard}', '{replica}'"
        : "('/clickhouse/tables/{database}/{table}', '{shard}-{replica}'";
      expect(engine).toMatch(/^Replicated\w*MergeTree/);
      expect(engine).toContain(place);
    }
  });

  test("a part is never mistaken for the whole by a migration", () => {
    const migrations = migrationSources().join("\n");
    const parts = [...migrations.matchAll(/CREATE TABLE IF NOT EXISTS \$\{database\}\.(\w+)\$\{local\}/g)];
    const mistaken = parts.flatMap(
      ([, name]) => migrations.match(new RegExp(`\\$\\{database\\}\\.${name}(?!\\w|\\$).*`, "g")) ?? [],
    );
    expect(parts.length).toBeGreaterThan(5);
    expect(mistaken).toEqual([]);
  });

  test("every job appends: in a database that is not replicated itself, no other may write to a replicated table", () => {
    const jobs = sqlFiles("facts", target()).filter(({ text }) => /^REFRESH /m.test(text));
    expect(jobs.map(({ name }) => name)).toContain("elect_bills");
    expect(jobs.filter(({ text }) => !/^REFRESH .* APPEND TO /m.test(text))).toEqual([]);
  });
});
