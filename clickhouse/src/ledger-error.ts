/** What is wrong with a ledger, for programs; the message says it to people, with what to do. */
export type LedgerFault =
  | "invalid_database"
  | "changed_migration"
  | "newer_schema"
  | "unknown_view"
  | "missing_parameter"
  | "invalid_columns"
  | "invalid_rows"
  | "unknown_cluster"
  | "other_cluster"
  | "missing_macro"
  | "unknown_landing"
  | "other_landing"
  | "landing_on_cluster"
  | "old_server"
  | "unknown_catalogue"
  | "shard_unavailable";

export class LedgerError extends Error {
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LedgerError";
    this.fault = fault;
  }
}
