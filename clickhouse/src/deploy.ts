import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { type SqlFile, sqlFile, sqlFiles, viewNames, viewSource } from "./sql-files.ts";

/** From the facts back to landing: no row reaches a funnel before its readers are there. */
const factsInOrder = [
  "index_calls",
  "price_calls",
  "read_calls",
  "write_agent_runs",
  "write_tool_calls",
  "write_spans",
  "read_spans",
  "elect_bills",
];

/** Creates or redefines every object whose definition is not the one in force; returns their names. */
export async function deployObjects(target: LedgerTarget, progress: (line: string) => void): Promise<string[]> {
  const inForce = await definitionsInForce(target);
  const changed = definitions(target).filter((file) => inForce.get(file.name) !== file.hash);
  for (const file of changed) {
    progress(`Deploying ${file.name}`);
    for (const query of deployment(target, file, inForce.has(file.name))) await target.client.command({ query });
    await target.client.insert({
      table: `${target.database}.schema_objects`,
      values: [{ name: file.name, content_hash: file.hash }],
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
  }
  return changed.map((file) => file.name);
}

function definitions(target: LedgerTarget): SqlFile[] {
  const facts = sqlFiles("facts", target).toSorted(
    (a, b) => factsInOrder.indexOf(a.name) - factsInOrder.indexOf(b.name),
  );
  const views = viewNames().map((name) => sqlFile(name, viewSource(name), target));
  return [...facts, ...views];
}

/**
 * A materialized view over an insert changes its query in place, so that no insert goes by unseen.
 * Refreshable and plain views hold nothing and are made anew.
 */
function deployment({ database }: LedgerTarget, { name, text }: SqlFile, exists: boolean): string[] {
  if (!exists) return [text];
  const readsInserts = text.includes("MATERIALIZED VIEW") && !/^REFRESH /m.test(text);
  if (!readsInserts) return [`DROP VIEW IF EXISTS ${database}.${name} SYNC`, text];
  const query = text.slice(text.search(/^AS$/m) + "AS\n".length);
  return [`ALTER TABLE ${database}.${name} MODIFY QUERY ${query}`];
}

/** Hashes of the definitions in force; an object that somebody dropped has none. */
async function definitionsInForce(target: LedgerTarget): Promise<Map<string, string>> {
  const rows = await selectRows<{ name: string; content_hash: string }>(
    target,
    `SELECT objects.name AS name, objects.content_hash AS content_hash
     FROM ${target.database}.schema_objects AS objects FINAL
     WHERE objects.name IN (SELECT tables.name FROM system.tables AS tables WHERE tables.database = {database:String})`,
    { database: target.database },
  );
  return new Map(rows.map((row) => [row.name, row.content_hash]));
}
