import type { LedgerTarget } from "./ledger-target.ts";
import { shardFault } from "./shard-fault.ts";
import { sqlFiles } from "./sql-files.ts";

/**
 * Rows of any age in one insert: the server's limit of partitions is for inserts that are cut too small. On a
 * cluster, rows have arrived at their shards when the insert returns.
 */
const anyWeeks = { max_partitions_per_insert_block: "0", distributed_foreground_insert: 1 } as const;

/**
 * Elects the billed row of every call that several spans report, now, and waits for it. A server does the
 * same by itself every few seconds; this is for readers that cannot wait.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function settle({ client, database }: LedgerTarget): Promise<void> {
  // Without its cluster: the whole ledger's reports, in place of those that are on the node.
  const election = sqlFiles("facts", { client, database }).find((file) => file.name === "elect_bills");
  const query = election?.text.slice(election.text.search(/^AS$/m) + "AS\n".length);
  await rewrite({ client, database }, query ?? "");
}

/**
 * Prices the calls that started in a half-open window once more, with the newest catalogue. Times are
 * UTC, `YYYY-MM-DD HH:MM:SS`.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function reprice(
  target: LedgerTarget,
  window: { readonly from: string; readonly to: string },
): Promise<void> {
  const calls = `SELECT calls.* REPLACE (bitOr(bitShiftLeft(bitShiftRight(calls.version, 32), 32), toUInt64(toUnixTimestamp(now()))) AS version)
      FROM ${target.database}.llm_calls AS calls FINAL
      WHERE calls.started_at >= {from:DateTime64(9, 'UTC')} AND calls.started_at < {to:DateTime64(9, 'UTC')}`;
  await rewrite(target, calls, window);
}

/** Sends calls that are in the ledger through the price formula again. */
async function rewrite(
  target: LedgerTarget,
  calls: string,
  window: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    await target.client.command({
      query: `INSERT INTO ${target.database}.llm_calls_unpriced ${calls}`,
      query_params: window,
      clickhouse_settings: anyWeeks,
    });
  } catch (error) {
    throw await shardFault(target, error);
  }
}
