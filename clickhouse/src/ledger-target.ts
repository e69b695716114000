import type { ClickHouseClient, ResponseJSON } from "@clickhouse/client";
import type { ForeignLanding } from "./foreign-landing.ts";
import { shardFault } from "./shard-fault.ts";

/** Where a ledger lives: a ClickHouse connection and the database on it. */
export interface LedgerTarget {
  readonly client: ClickHouseClient;
  /** `tokenledger` unless it is installed beside another. */
  readonly database: string;
  /** Where the ledger is spread over a cluster; only what defines tables or publishes prices needs to know. */
  readonly cluster?: Cluster;
  /** Where spans lie in a table that is not the ledger's own; only what defines tables needs to know. */
  readonly landing?: ForeignLanding;
}

/** A cluster that holds one ledger: a trace lives on one shard; prices, views and what is installed on every node. */
export interface Cluster {
  /** As `remote_servers` of its nodes names it. */
  readonly name: string;
  /**
   * A connection to each of its nodes, where they have no Keeper: every definition and price is sent to all of them,
   * and nothing is replicated. Without it, `ON CLUSTER` and replicated tables do that.
   */
  readonly nodes?: readonly ClickHouseClient[];
}

const asked = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  // What fails half way is an error, not half an answer.
  wait_end_of_query: 1,
  // Takes half the analyzer's time on statements as long as the views, and derives nothing that they need.
  optimize_and_compare_chain: 0,
  // The week that a row is in follows from its key: FINAL need not look for it in another.
  do_not_merge_across_partitions_select_final: 1,
} as const;

/**
 * The rows of a SELECT. 64-bit integers and decimals come as strings, so that none loses a digit.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function selectRows<Row>(
  target: LedgerTarget,
  query: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Row[]> {
  try {
    const result = await target.client.query({
      query,
      query_params: { ...parameters },
      format: "JSONEachRow",
      clickhouse_settings: asked,
    });
    return await result.json<Row>();
  } catch (error) {
    throw await shardFault(target, error);
  }
}

/**
 * The same as a table: its columns with their types, rows in their order, and how long the server took.
 *
 * @param signal Ends the query on the server, too.
 * @throws LedgerError `shard_unavailable`
 */
export async function selectTable(
  target: LedgerTarget,
  query: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ResponseJSON<readonly unknown[]>> {
  try {
    const result = await target.client.query({
      query,
      query_params: { ...parameters },
      format: "JSONCompact",
      clickhouse_settings: { ...asked, cancel_http_readonly_queries_on_client_close: 1 },
      ...(signal !== undefined && { abort_signal: signal }),
    });
    return await result.json<readonly unknown[]>();
  } catch (error) {
    throw await shardFault(target, error);
  }
}
