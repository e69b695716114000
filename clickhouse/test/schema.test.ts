import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { selectRows } from "../src/ledger-target.ts";
import { fillPlaceholders, statements } from "../src/sql-files.ts";
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

test("every statement also parses as that of a cluster", async () => {
  const files = ["migrations", "facts", "views"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sql") && !file.includes("cases"))
      .map((file) => `${folder}/${file}`),
  );
  const cluster = { database: "tokenledger", on_cluster: "ON CLUSTER main", replicated: "Replicated", local: "_local" };
  const parsed = files.flatMap((file) =>
    statements(fillPlaceholders(readFileSync(new URL(file, root), "utf8"), cluster)),
  );
  expect(parsed.length).toBeGreaterThan(files.length - 1);
  for (const query of parsed) {
    const [row] = await selectRows<{ text: string }>(ledger.target, "SELECT formatQuery({query:String}) AS text", {
      query,
    });
    expect(row?.text).toContain("ON CLUSTER main");
  }
});
