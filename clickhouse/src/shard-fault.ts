import { ClickHouseError } from "@clickhouse/client";
import { LedgerError } from "./ledger-error.ts";
import type { LedgerTarget } from "./ledger-target.ts";

// Cannot connect (279, 210, 209), lost on the way (32, 101, 236), or no replica that is up to date (369).
const faults = new Set(["279", "210", "209", "32", "101", "236", "369"]);

/**
 * What to tell where a query failed because a shard of the cluster did not answer; any other error as it is.
 *
 * The server asked is alive: it is the one that says so, and it knows its neighbours by number.
 */
export async function shardFault(target: LedgerTarget, error: unknown): Promise<unknown> {
  if (!(error instanceof ClickHouseError) || !faults.has(error.code)) return error;
  const address = addressIn(error) ?? (await silentNeighbour(target));
  if (address === undefined) return error;
  const shard = await shardAt(target, address);
  return new LedgerError(
    "shard_unavailable",
    `${shard === undefined ? "A shard" : `Shard ${shard}`} of the ClickHouse cluster does not answer (${address}), and a sum ` +
      `without it would be too small. Bring that server back, or look at the network between the nodes; then run the ` +
      `command again. Nothing is lost.`,
    { cause: error },
  );
}

const addressIn = (error: unknown): string | undefined =>
  error instanceof Error ? /\(([\w.:[\]-]+:\d+)[,)]/.exec(error.message)?.[1] : undefined;

/** Some errors name no server. A query that would be content with a replica that lags names the one that is silent. */
const silentNeighbour = ({ client, database }: LedgerTarget): Promise<string | undefined> =>
  client
    .command({ query: `SELECT count() FROM ${database}.llm_calls WHERE started_at < '1971-01-01'` })
    .then(() => undefined, addressIn);

async function shardAt({ client }: LedgerTarget, address: string): Promise<number | undefined> {
  const query = `SELECT clusters.shard_num AS shard FROM system.clusters AS clusters
    WHERE {address:String} IN (concat(clusters.host_name, ':', toString(clusters.port)), concat(clusters.host_address, ':', toString(clusters.port)))
    LIMIT 1`;
  try {
    const result = await client.query({ query, query_params: { address }, format: "JSONEachRow" });
    return (await result.json<{ shard: number }>())[0]?.shard;
  } catch {
    // Who may not ask for the number is told the address.
    return undefined;
  }
}
