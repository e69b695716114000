import type { ClickHouseClient } from "@clickhouse/client";

/** Where a ledger lives: a ClickHouse connection and the database on it. */
export interface LedgerTarget {
  readonly client: ClickHouseClient;
  /** `tokenledger` unless it is installed beside another. */
  readonly database: string;
}

/** What is wrong with a ledger, for programs; the message says it to people, with what to do. */
export type LedgerFault =
  | "invalid_database"
  | "changed_migration"
  | "newer_schema"
  | "unknown_view"
  | "missing_parameter";

export class LedgerError extends Error {
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, message: string) {
    super(message);
    this.name = "LedgerError";
    this.fault = fault;
  }
}

/** The rows of a SELECT. 64-bit integers and decimals come as strings, so that none loses a digit. */
export async function selectRows<Row>(
  target: LedgerTarget,
  query: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<Row[]> {
  const result = await target.client.query({
    query,
    query_params: { ...parameters },
    format: "JSONEachRow",
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 1,
      output_format_json_quote_decimals: 1,
      output_format_json_quote_denormals: 1,
    },
  });
  return result.json<Row>();
}
