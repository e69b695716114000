import type { LedgerTarget } from "./ledger-target.ts";
import { shardFault } from "./shard-fault.ts";

/**
 * Rows of any age in one insert: the server's limit of partitions is for inserts that are cut too small. On a
 * cluster, rows have arrived at their shards when the insert returns.
 */
const anyWeeks = { max_partitions_per_insert_block: "0", distributed_foreground_insert: 1 } as const;

/**
 * Writes rows again that are in the ledger: `insertion` is where they go, and what finds them.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function rewrite(
  target: LedgerTarget,
  insertion: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  try {
    await target.client.command({
      query: `INSERT INTO ${insertion}`,
      query_params: { ...parameters },
      clickhouse_settings: anyWeeks,
    });
  } catch (error) {
    throw await shardFault(target, error);
  }
}
