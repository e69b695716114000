import type { LedgerTarget } from "@tokenledger/clickhouse";
import { insertLanding, RefusedRow } from "./landing-insert.ts";
import { PassingFault } from "./passing-fault.ts";
import type { LandingTable } from "./signals.ts";

/** Rows of one request, in the text the landing table takes. */
export interface Delivery {
  /** Rows by partition: the day since 1970. */
  rows: ReadonlyMap<number, string[]>;
  bytes: number;
}

export interface DeliveryOutcome {
  stored: number;
  duplicates: number;
  refused: { row: string; problem: string }[];
}

/** A delivery that waits for its answer. */
export interface Pending extends Delivery {
  outcome: DeliveryOutcome;
  fault?: PassingFault;
  settle: (outcome: DeliveryOutcome) => void;
  fail: (fault: PassingFault) => void;
}

/** Inserts spent on finding the rows at fault in one batch, before the batch is sent back. */
const maxSearchInserts = 200;

/** The server remembers as many batches, so as many are known to have been dropped as copies. */
const namesKept = 1_000;

/** Writes batches of deliveries, one insert per partition, and answers each delivery. Never rejects. */
export const createBatchWriter = (
  target: LedgerTarget,
  table: LandingTable,
): ((batch: readonly Pending[]) => Promise<void>) => {
  const committed = new Set<string>();
  const commit = async (rows: readonly string[]): Promise<"stored" | "duplicates"> => {
    const name = await insertLanding(target, table, rows);
    if (committed.has(name)) return "duplicates";
    committed.add(name);
    for (const oldest of committed) {
      if (committed.size <= namesKept) break;
      committed.delete(oldest);
    }
    return "stored";
  };
  return async (batch) => {
    for (const day of new Set(batch.flatMap(({ rows }) => [...rows.keys()]))) {
      const sharers = batch.filter(({ rows, fault }) => rows.has(day) && fault === undefined);
      try {
        await writeDay(commit, sharers, day);
      } catch (error) {
        // Whatever it was, the rows are not known to be stored: the senders must keep them.
        const fault =
          error instanceof PassingFault ? error : new PassingFault(503, "the insert failed", { cause: error });
        for (const pending of sharers) pending.fault = fault;
      }
    }
    for (const { fault, fail, settle, outcome } of batch) {
      if (fault === undefined) settle(outcome);
      else fail(fault);
    }
  };
};

/** Writes one partition; where the database refuses rows, halves the batch until it has found them. */
const writeDay = async (
  commit: (rows: readonly string[]) => Promise<"stored" | "duplicates">,
  sharers: readonly Pending[],
  day: number,
): Promise<void> => {
  const rows: string[] = [];
  const owners: Pending[] = [];
  for (const pending of sharers) {
    for (const row of pending.rows.get(day) ?? []) {
      rows.push(row);
      owners.push(pending);
    }
  }
  let searches = 0;
  const writeRange = async (from: number, to: number): Promise<void> => {
    try {
      const count = await commit(rows.slice(from, to));
      for (const { outcome } of owners.slice(from, to)) outcome[count] += 1;
    } catch (error) {
      if (!(error instanceof RefusedRow)) throw error;
      if (to - from === 1) {
        owners[from]?.outcome.refused.push({ row: rows[from] ?? "", problem: error.message });
        return;
      }
      searches += 2;
      if (searches > maxSearchInserts)
        throw new PassingFault(503, "the database refuses too many records", { cause: error });
      const middle = (from + to) >> 1;
      await writeRange(from, middle);
      await writeRange(middle, to);
    }
  };
  await writeRange(0, rows.length);
};
