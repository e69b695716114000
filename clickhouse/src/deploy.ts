import { define, insertOnEveryNode } from "./cluster.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { landingReader } from "./foreign-landing.ts";
import { distributedTables } from "./sharding.ts";
import { type SqlFile, sqlFile, sqlFiles, statements, viewNames, viewSource } from "./sql-files.ts";
import { sqlFor } from "./sql-for-target.ts";

/** What is read first, then from the facts back to landing: no row reaches a funnel before its readers are there. */
const factsInOrder = [
  "attribute_names",
  "attribute_values",
  "emitters",
  "request_marks",
  "model_makers",
  "index_calls",
  "price_calls",
  "place_calls",
  "place_agent_runs",
  "place_tool_calls",
  "read_calls",
  "write_agent_runs",
  "write_tool_calls",
  "write_spans",
  "index_traces",
  "read_spans",
  "read_logs",
  "recover_structure",
  "elect_bills",
];

/** Creates or redefines every object whose definition is not the one in force; returns their names. */
export async function deployObjects(target: LedgerTarget, progress: (line: string) => void): Promise<string[]> {
  const inForce = await definitionsInForce(target);
  const changed = definitions(target).filter((file) => inForce.get(file.name) !== file.hash);
  const deployed: SqlFile[] = [];
  try {
    for (const file of changed) {
      progress(`Deploying ${file.name}`);
      for (const query of deployment(target, file, inForce.has(file.name))) await define(target, query);
      deployed.push(file);
    }
  } finally {
    const records = deployed.map(({ name, hash }) => ({ name, content_hash: hash }));
    if (records.length > 0) await insertOnEveryNode(target, "schema_objects", records);
  }
  return deployed.map(({ name }) => name);
}

/** Every object that is redeployed when its definition changes, in an order in which they can be made. */
export function definitions(target: LedgerTarget): SqlFile[] {
  const facts = sqlFiles("facts", target).toSorted(
    (a, b) => factsInOrder.indexOf(a.name) - factsInOrder.indexOf(b.name),
  );
  const views = afterWhatTheyRead(viewNames()).map((name) => sqlFile(name, viewSource(name), target));
  return [...distributedTables(target), ...facts, ...landingReader(target), ...views];
}

/** A view without parameters is looked into when it is made: what it reads has to be there. */
function afterWhatTheyRead(views: readonly string[]): string[] {
  const placed = new Set<string>();
  const place = (view: string): void => {
    if (placed.has(view)) return;
    const read = [...viewSource(view).matchAll(/\$\{database\}\.(\w+)/g)].map(([, name = ""]) => name);
    for (const name of read) if (name !== view && views.includes(name)) place(name);
    placed.add(view);
  };
  views.forEach(place);
  return [...placed];
}

/**
 * The statements that make an object, or make it what its definition has become.
 *
 * A materialized view over an insert changes its query in place, so that no insert goes by unseen. Tables of reference
 * data replace themselves. Refreshable and plain views hold nothing and are made anew, and so are distributed tables once
 * they are empty.
 */
export function deployment(target: LedgerTarget, { name, text }: SqlFile, exists: boolean): string[] {
  if (!exists) return statements(text);
  const there = (statement: string): string => sqlFor(target, statement);
  if (text.includes("ENGINE = Distributed")) {
    return [there(`SYSTEM FLUSH DISTRIBUTED \${on_cluster} \${database}.${name}`), ...statements(text)];
  }
  if (text.includes("CREATE OR REPLACE")) return statements(text);
  const readsInserts = text.includes("MATERIALIZED VIEW") && !/^REFRESH /m.test(text);
  if (!readsInserts) return [there(`DROP VIEW IF EXISTS \${database}.${name} \${on_cluster} SYNC`), text];
  const query = text.slice(text.search(/^AS$/m) + "AS\n".length);
  return [`${there(`ALTER TABLE \${database}.${name} \${on_cluster} MODIFY QUERY`)} ${query}`];
}

/** Hashes of the definitions in force, empty where a run ended before it wrote one down; an object that somebody dropped has none. */
async function definitionsInForce(target: LedgerTarget): Promise<Map<string, string>> {
  const rows = await selectRows<{ name: string; content_hash: string }>(
    target,
    `SELECT there.name AS name, objects.content_hash AS content_hash
     FROM (SELECT tables.name AS name FROM system.tables AS tables WHERE tables.database = {database:String}) AS there
     LEFT JOIN ${target.database}.schema_objects AS objects FINAL ON objects.name = there.name`,
    { database: target.database },
  );
  return new Map(rows.map((row) => [row.name, row.content_hash]));
}
