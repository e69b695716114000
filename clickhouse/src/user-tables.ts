import type { Readable } from "node:stream";
import { LedgerError } from "./ledger-error.ts";
import type { LedgerTarget } from "./ledger-target.ts";

/** A table that only its user can fill, for no span knows what is in it. */
export interface UserTable {
  readonly name: "revenue" | "budgets";
  /** Columns without which a row says nothing. */
  readonly needed: readonly string[];
  readonly optional: readonly string[];
}

/** What customers paid, and what may be spent; the columns are documented in the migrations that make them. */
export const userTables: readonly UserTable[] = [
  {
    name: "revenue",
    needed: ["customer_id", "starts_at", "ends_at", "revenue_usd"],
    optional: ["feature_name", "source"],
  },
  { name: "budgets", needed: ["scope", "period", "limit_usd"], optional: ["name", "valid_from"] },
];

/**
 * Adds rows to a table of the user's, from CSV with a header. Rows that are there already are corrected, so the same
 * file may be given again. Days and instants are UTC. An empty limit is no limit.
 *
 * @param open reads the file from its start; called once for every node that keeps a copy of its own
 * @returns how many rows the file has
 * @throws LedgerError `invalid_columns`, or `invalid_rows` with what the server says of the first bad one
 */
export async function insertCsv(
  { client, database, cluster }: LedgerTarget,
  table: UserTable,
  header: string,
  open: () => Readable,
): Promise<number> {
  refuseOtherColumns(table, header);
  try {
    const inserted = (cluster?.nodes ?? [client]).map((node) =>
      node.insert({
        table: `${database}.${table.name}`,
        values: open(),
        format: "CSVWithNames",
        clickhouse_settings: { async_insert: 0, date_time_input_format: "best_effort", wait_end_of_query: 1 },
      }),
    );
    const [result] = await Promise.all(inserted);
    return Number(result?.summary?.written_rows ?? 0);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new LedgerError("invalid_rows", `${table.name}: ${inShort(said)}`, { cause: error });
  }
}

/** Left to the server, a column that is missing would be zero, and one that is misspelled would be skipped. */
function refuseOtherColumns({ name, needed, optional }: UserTable, header: string): void {
  const columns = header
    .replace(/^\uFEFF/, "")
    .split(",")
    .map((column) => column.trim().replaceAll('"', ""));
  const missing = needed.filter((column) => !columns.includes(column));
  const unknown = columns.filter((column) => ![...needed, ...optional].includes(column));
  if (missing.length === 0 && unknown.length === 0) return;
  const faults = [
    ...(missing.length > 0 ? [`it lacks ${missing.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`${unknown.map((column) => `"${column}"`).join(", ")} is none of them`] : []),
  ];
  throw new LedgerError(
    "invalid_columns",
    `The first line of ${name} names its columns, with commas between: ${needed.join(", ")} and, if you like, ` +
      `${optional.join(", ")}; ${faults.join(", and ")}.`,
  );
}

/** The server's first line, and the column that it was at; a table of the row follows. */
function inShort(said: string): string {
  const [first = ""] = said.split("\n");
  const column = /.*name: (\w+),/s.exec(said.split("ERROR")[0] ?? "")?.[1];
  return first.replace(/:? \(at row/, " (row") + (column === undefined ? "" : ` at ${column}`);
}
