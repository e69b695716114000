import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";

/** Runs a statement that defines something, wherever it has to be defined: `ON CLUSTER` is in its text. */
export async function define({ client, cluster }: LedgerTarget, query: string): Promise<void> {
  await Promise.all((cluster?.nodes ?? [client]).map((node) => node.command({ query })));
}

/** Writes rows of a table that every node holds. */
export async function insertOnEveryNode(
  { client, database, cluster }: LedgerTarget,
  table: string,
  rows: readonly object[],
): Promise<void> {
  const insert = { table: `${database}.${table}`, values: [...rows], format: "JSONEachRow" } as const;
  const settings = { clickhouse_settings: { async_insert: 0 } } as const;
  await Promise.all((cluster?.nodes ?? [client]).map((node) => node.insert({ ...insert, ...settings })));
}

/** Waits until every node holds what was written to these tables: replication keeps no order between tables. */
export async function awaitEveryNode(target: LedgerTarget, tables: readonly string[]): Promise<void> {
  const { cluster, database } = target;
  if (cluster === undefined || cluster.nodes !== undefined) return;
  for (const table of tables)
    await define(target, `SYSTEM SYNC REPLICA ON CLUSTER \`${cluster.name}\` ${database}.${table}`);
}

/**
 * The ledger with the cluster it is spread over: the one named, or the one it was made for.
 *
 * @throws LedgerError `unknown_cluster`, `other_cluster` where the ledger lives elsewhere, `missing_macro`
 */
export async function onCluster(target: LedgerTarget, name?: string): Promise<LedgerTarget> {
  const [table] = await selectRows<{ engine_full: string }>(
    target,
    "SELECT tables.engine_full AS engine_full FROM system.tables AS tables WHERE tables.database = {database:String} AND tables.name = 'llm_calls'",
    { database: target.database },
  );
  const made = table && (/^Distributed\('([^']*)'/.exec(table.engine_full)?.[1] ?? "");
  if (made !== undefined && name !== undefined && made !== name) throw otherCluster(target.database, made, name);
  const cluster = name ?? made;
  if (cluster === undefined || cluster === "") return target;
  await refuseUnknown(target, cluster);
  return { ...target, cluster: { name: cluster } };
}

function otherCluster(database: string, made: string, asked: string): LedgerError {
  const place = made === "" ? "on a single node" : `spread over the cluster "${made}"`;
  return new LedgerError(
    "other_cluster",
    `The ledger in database ${database} is ${place}, not over "${asked}". Make one in a database of its own, and ` +
      `fill it with INSERT INTO new.otel_traces SELECT * FROM ${database}.otel_traces: facts follow from landing.`,
  );
}

async function refuseUnknown(target: LedgerTarget, cluster: string): Promise<void> {
  const known = await selectRows<{ name: string }>(
    target,
    "SELECT DISTINCT clusters.cluster AS name FROM system.clusters AS clusters ORDER BY name",
  );
  if (!known.some(({ name }) => name === cluster)) {
    const names = known.map(({ name }) => name).join(", ");
    throw new LedgerError(
      "unknown_cluster",
      `The server knows no cluster "${cluster}". It knows: ${names || "none"}. Clusters are defined under remote_servers in its configuration.`,
    );
  }
  const macros = await selectRows<{ macro: string }>(
    target,
    "SELECT macros.macro AS macro FROM system.macros AS macros",
  );
  const missing = ["shard", "replica"].filter((macro) => !macros.some((other) => other.macro === macro));
  if (missing.length === 0) return;
  throw new LedgerError(
    "missing_macro",
    `Replicated tables need the macro ${missing.join(" and ")} on every node: <macros><shard>01</shard><replica>a</replica></macros> in its configuration.`,
  );
}
