import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { ClickHouseError } from "@clickhouse/client";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { PassingFault } from "./passing-fault.ts";
import type { LandingTable } from "./signals.ts";

/** A row that the database will never take, however often it is tried. */
export class RefusedRow extends Error {}

// Codes that speak of the data, not of the server: parse and conversion errors, and overflow.
const dataFaults = new Set("6 26 27 32 38 41 53 69 70 72 117 131 153 190 321 349 376 407 441 457 469".split(" "));
const diskFull = "243";

/**
 * Inserts rows of one partition and returns the name of the batch once they are committed.
 *
 * Every setting that decides whether a row is lost or doubled is stated, not left to a default. The token
 * names the rows, so that an identical delivery is dropped by the server; deliveries cut differently
 * are not, and the facts are exact without it.
 *
 * @throws PassingFault when it may succeed later, {@link RefusedRow} when the data is at fault
 */
export const insertLanding = async (
  { client, database }: LedgerTarget,
  { name: table, columns }: LandingTable,
  rows: readonly string[],
): Promise<string> => {
  const named = columns.map((column) => `\`${column}\``).join(", ");
  const body = rows.join("\n");
  const name = createHash("sha256").update(body).digest("hex");
  try {
    const result = await client.exec({
      query: `INSERT INTO {database:Identifier}.{table:Identifier} (${named}) FORMAT JSONCompactEachRow`,
      query_params: { database, table },
      values: Readable.from([Buffer.from(body)], { objectMode: false }),
      clickhouse_settings: {
        async_insert: 0,
        distributed_foreground_insert: 1,
        wait_end_of_query: 1,
        insert_deduplicate: 1,
        insert_deduplication_token: name,
        deduplicate_blocks_in_dependent_materialized_views: 1,
        date_time_input_format: "basic",
        // One block per insert: a part is committed whole or not at all.
        min_insert_block_size_rows: "1000000",
        max_insert_block_size: "1000000",
      },
    });
    result.stream.resume();
    return name;
  } catch (error) {
    throw classify(error);
  }
};

const classify = (error: unknown): Error => {
  const cause = { cause: error };
  if (!(error instanceof ClickHouseError))
    return new PassingFault(503, "the ledger's database cannot be reached", cause);
  if (dataFaults.has(error.code)) return new RefusedRow(error.message, cause);
  if (error.code === diskFull) return new PassingFault(503, "the disk of the ledger is full", cause);
  return new PassingFault(
    503,
    `the ledger's database answered ${error.type ?? "with an error"} (${error.code})`,
    cause,
  );
};
