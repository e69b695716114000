import { type LedgerTarget, selectRows } from "./ledger-target.ts";

/** Whether a ledger has changed, found without reading it. */
export interface LedgerMark {
  /** Equal marks: nothing came between. Merges of parts may change it, too. */
  readonly mark: string;
  /** When the oldest and the newest call began, as ClickHouse writes it in UTC; `null` in an empty ledger. */
  readonly oldestCallAt: string | null;
  readonly newestCallAt: string | null;
}

const tables = ["llm_calls", "spans", "call_causes", "revenue", "budgets"];

/**
 * Counts the rows that are stored, older versions included: ClickHouse knows that of its parts, whatever their size.
 *
 * @throws LedgerError `shard_unavailable`
 */
export async function ledgerMark(target: LedgerTarget): Promise<LedgerMark> {
  const counts = tables.map((table) => `(SELECT count() FROM ${target.database}.${table})`).join(", ");
  const [row] = await selectRows<{ mark: string; oldest_call_at: string | null; newest_call_at: string | null }>(
    target,
    `SELECT
      concatWithSeparator('-', ${counts}) AS mark,
      minOrNull(calls.started_at) AS oldest_call_at,
      maxOrNull(calls.started_at) AS newest_call_at
    FROM ${target.database}.llm_calls AS calls`,
  );
  return {
    mark: row?.mark ?? "",
    oldestCallAt: row?.oldest_call_at ?? null,
    newestCallAt: row?.newest_call_at ?? null,
  };
}
