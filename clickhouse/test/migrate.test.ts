import { afterAll, beforeAll, expect, test } from "vitest";
import { insertOnEveryNode } from "../src/cluster.ts";
import { LedgerError, type LedgerTarget, listViews, migrate, queryView } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { hashOfStatements, sqlFiles } from "../src/sql-files.ts";
import { startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

const other = (database: string): LedgerTarget => ({ client: ledger.target.client, database });
const faultOf = async (work: Promise<unknown>): Promise<LedgerError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof LedgerError) return error;
  throw new Error(`expected a LedgerError, not ${String(error)}`);
};

test("a second run changes nothing", async () => {
  expect(await migrate(ledger.target)).toEqual({ migrations: [], objects: [] });
});

test("two runs at once, on an empty server, install one schema", async () => {
  const target = other("both");
  const reports = await Promise.all([migrate(target), migrate(target)]);
  expect(reports.flatMap(({ objects }) => objects)).toContain("price_calls");
  expect(await migrate(target)).toEqual({ migrations: [], objects: [] });
});

test("a run that was cut short is taken up again", async () => {
  const target = other("resumed");
  await migrate(target);
  await target.client.command({
    query: "DELETE FROM resumed.schema_migrations WHERE name >= '0004'",
    clickhouse_settings: { lightweight_deletes_sync: "2" },
  });
  await target.client.command({ query: "DROP VIEW resumed.price_calls SYNC" });
  const report = await migrate(target);
  expect(report.migrations.length).toBeGreaterThan(1);
  expect(report.objects).toEqual(["price_calls"]);
});

test("an object whose definition is another one is redefined, without a moment in which inserts go by unseen", async () => {
  const target = other("changed");
  await migrate(target);
  const before = await selectRows(
    target,
    "SELECT uuid FROM system.tables WHERE database = 'changed' AND name = 'read_spans'",
  );
  await target.client.command({
    query:
      "ALTER TABLE changed.schema_objects UPDATE content_hash = 'older' WHERE name IN ('read_spans', 'elect_bills', 'trace_cost')",
    clickhouse_settings: { mutations_sync: "2" },
  });
  expect((await migrate(target)).objects.toSorted()).toEqual(["elect_bills", "read_spans", "trace_cost"]);
  expect(
    await selectRows(target, "SELECT uuid FROM system.tables WHERE database = 'changed' AND name = 'read_spans'"),
  ).toEqual(before);
});

test("a migration that was changed after it had been applied is refused", async () => {
  const target = other("tampered");
  await migrate(target);
  await target.client.command({
    query: "ALTER TABLE tampered.schema_migrations UPDATE content_hash = 'other' WHERE name LIKE '0003%'",
    clickhouse_settings: { mutations_sync: "2" },
  });
  const error = await faultOf(migrate(target));
  expect(error.fault).toBe("changed_migration");
  expect(error.message).toMatch(/0003_create_llm_calls was changed .* new migration/);
});

test("a migration whose comments alone were changed is the same", () => {
  const text = "-- As it was put at first.\nALTER TABLE calls\n    ADD COLUMN cost UInt64;\n";
  const reworded = "-- As it is put now,\n-- over two lines.\nALTER TABLE calls ADD COLUMN cost UInt64;";
  expect(hashOfStatements({ text: reworded })).toBe(hashOfStatements({ text }));
  expect(hashOfStatements({ text: text.replace("UInt64", "UInt32") })).not.toBe(hashOfStatements({ text }));
});

test("records of earlier versions, of whole files, are taken as well", async () => {
  const target = other("earlier");
  await migrate(target);
  const files = sqlFiles("migrations", target);
  await insertOnEveryNode(
    target,
    "schema_migrations",
    files.slice(1).map(({ name, hash }) => ({ name, content_hash: hash })),
  );
  expect(await migrate(target)).toEqual({ migrations: [], objects: [] });
});

test("a store of a newer schema is refused", async () => {
  const target = other("newer");
  await migrate(target);
  await target.client.command({
    query:
      "INSERT INTO newer.schema_migrations (name, content_hash) SETTINGS async_insert = 0 VALUES ('9999_later', '')",
  });
  const error = await faultOf(migrate(target));
  expect(error.fault).toBe("newer_schema");
  expect(error.message).toContain("9999_later");
});

test("a database name is no place for SQL", async () => {
  expect((await faultOf(migrate(other("x; DROP DATABASE ledger")))).fault).toBe("invalid_database");
});

test("only views of the list can be asked for, with all their parameters, which are bound and never spliced", async () => {
  const hostile = "' OR 1 = 1; DROP TABLE ledger.llm_calls --";
  expect((await faultOf(queryView(ledger.target, "otel_traces"))).fault).toBe("unknown_view");
  expect((await faultOf(queryView(ledger.target, "trace_tree"))).fault).toBe("missing_parameter");
  expect(await queryView(ledger.target, "trace_tree", { trace_id: hostile })).toEqual([]);
  await expect(queryView(ledger.target, "trace_cost", { from: hostile })).rejects.toThrow(/cannot be parsed/);
  expect(await selectRows(ledger.target, "EXISTS TABLE ledger.llm_calls")).toEqual([{ result: 1 }]);
});

test("every view says what it answers and what a row is", () => {
  const undocumented = listViews().filter(
    ({ title, grain, excludes }) => !title || !grain.startsWith("one row") || !excludes,
  );
  expect(undocumented).toEqual([]);
});
