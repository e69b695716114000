import { LedgerError } from "./ledger-error.ts";
import type { LedgerTarget } from "./ledger-target.ts";

/** The condition of a job that looks at all that is new. */
export const whole = "1";

/**
 * SQL of this folder as a ledger takes it: placeholders replaced.
 *
 * On one node there is no cluster, and no local table behind a distributed one. On a cluster every table is
 * replicated: one that is named with `${local}` among the nodes of its shard, any other among all nodes. Spans as they
 * landed, wherever that is, are `${landed}`.
 *
 * @throws LedgerError `invalid_database`, `unknown_cluster` where a name is none
 */
export function sqlFor({ database, cluster, landing }: LedgerTarget, text: string): string {
  refuseBadNames(database, cluster?.name);
  const everywhere = { database, portion: whole, landed: landing ? `(${landing.select})` : `${database}.otel_traces` };
  if (cluster === undefined)
    return fillPlaceholders(text, { ...everywhere, on_cluster: "", replicated: "", local: "" });
  const guarded = settled(text);
  if (cluster.nodes !== undefined) {
    return fillPlaceholders(guarded, { ...everywhere, on_cluster: "", replicated: "", local: "_local" });
  }
  return fillPlaceholders(replicated(guarded), {
    ...everywhere,
    on_cluster: `ON CLUSTER \`${cluster.name}\``,
    local: "_local",
  });
}

/** An empty value takes the space before it along. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/ ?\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Unknown placeholder ${placeholder} in SQL`);
    return value === "" ? "" : placeholder.replace(/\$\{\w+\}/, () => value);
  });
}

/**
 * What a saved view and a job must not leave to the profile of whoever asks: a shard that is missing or a replica
 * that lags is an error and never a smaller number, a subquery is asked of all shards, an insert has arrived when it
 * returns.
 */
const clusterSettings = [
  "skip_unavailable_shards = 0",
  "fallback_to_stale_replicas_for_distributed_queries = 0",
  "distributed_product_mode = 'global'",
  "distributed_foreground_insert = 1",
  // A filter that is pushed down to a shard names instants by a number, and one of fewer than ten digits is not read.
  "allow_push_predicate_ast_for_distributed_subqueries = 0",
].join(", ");

function settled(text: string): string {
  if (!text.includes("CREATE VIEW") && !/^REFRESH /m.test(text)) return text;
  const own = /^SETTINGS /m.test(text) ? ", " : "\nSETTINGS ";
  return `${text.trimEnd()}${own}${clusterSettings}\n`;
}

const tableOfEngine =
  /(CREATE TABLE IF NOT EXISTS \$\{database\}\.\w+)(\$\{local\})?((?:(?!CREATE )[\s\S])*?ENGINE = )\$\{replicated\}(\w+)(?:\(([^)]*)\))?/g;

/**
 * Gives every engine its place in Keeper. The path names no uuid, so that a node that joins later finds its
 * siblings; the macros are the server's own.
 */
function replicated(text: string): string {
  return text.replaceAll(
    tableOfEngine,
    (_, head: string, local: string | undefined, middle: string, engine: string, parameters: string | undefined) => {
      const everywhere = local === undefined;
      const place = everywhere
        ? "'/clickhouse/tables/{database}/{table}', '{shard}-{replica}'"
        : "'/clickhouse/tables/{database}/{table}/{shard}', '{replica}'";
      const more = parameters ? `, ${parameters}` : "";
      return `${head}${local ?? ""}${middle}Replicated${engine}(${place}${more})`;
    },
  );
}

function refuseBadNames(database: string, cluster: string | undefined): void {
  if (!/^[A-Za-z_]\w{0,127}$/.test(database)) {
    throw new LedgerError(
      "invalid_database",
      `"${database}" is not a database name: use letters, digits and underscores, not starting with a digit.`,
    );
  }
  if (cluster !== undefined && !/^[\w.-]{1,128}$/.test(cluster)) {
    throw new LedgerError(
      "unknown_cluster",
      `"${cluster}" is not the name of a cluster: use letters, digits, underscores, dots and dashes.`,
    );
  }
}
