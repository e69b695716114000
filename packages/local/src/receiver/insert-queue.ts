import type { LedgerTarget } from "@tokenledger/clickhouse";
import { insertLanding, RefusedRow } from "./landing-insert.ts";
import { PassingFault } from "./passing-fault.ts";

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

export interface InsertQueue {
  /** Settles once all rows of the delivery are committed. @throws PassingFault */
  add(delivery: Delivery): Promise<DeliveryOutcome>;
  /** Inserts what is held now and waits for it. */
  drain(): Promise<void>;
}

interface Pending extends Delivery {
  outcome: DeliveryOutcome;
  fault?: PassingFault;
  settle: (outcome: DeliveryOutcome) => void;
  fail: (fault: PassingFault) => void;
}

/** Inserts may come in a short burst, and on average once per this time: parts must not outrun merges. */
const insertIntervalMs = 200;
const insertBurst = 5;
/** A batch of this size does not wait for company. */
const fullBatchBytes = 8 * 2 ** 20;
/** Beyond this the sender has to keep its rows for a while. */
const maxHeldBytes = 32 * 2 ** 20;
/** Inserts spent on finding the rows at fault in one batch, before the batch is sent back. */
const maxSearchInserts = 200;

/**
 * Gathers concurrent deliveries into one insert per partition.
 *
 * While one insert runs, deliveries gather for the next; an idle queue inserts at once, a busy one waits
 * at most {@link insertIntervalMs} for its turn.
 */
export const createInsertQueue = (target: LedgerTarget): InsertQueue => {
  let waiting: Pending[] = [];
  let waitingBytes = 0;
  let heldBytes = 0;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const turns = createTurns();

  const start = (): void => {
    clearTimeout(timer);
    timer = undefined;
    turns.take();
    const batch = waiting;
    const bytes = waitingBytes;
    waiting = [];
    waitingBytes = 0;
    running = insertBatch(target, batch).then(() => {
      heldBytes -= bytes;
      running = undefined;
      schedule();
    });
  };
  const schedule = (): void => {
    if (running !== undefined || waiting.length === 0) return;
    const delay = waitingBytes >= fullBatchBytes ? 0 : turns.wait();
    if (delay === 0) start();
    else timer ??= setTimeout(start, delay);
  };
  return {
    add(delivery) {
      if (heldBytes + delivery.bytes > maxHeldBytes && heldBytes > 0) {
        return Promise.reject(new PassingFault(429, "the ledger is busy with earlier spans"));
      }
      heldBytes += delivery.bytes;
      waitingBytes += delivery.bytes;
      const settled = new Promise<DeliveryOutcome>((settle, fail) => {
        waiting.push({ ...delivery, outcome: { stored: 0, duplicates: 0, refused: [] }, settle, fail });
      });
      schedule();
      return settled;
    },
    async drain() {
      while (running !== undefined || waiting.length > 0) {
        if (running === undefined) start();
        await running;
      }
    },
  };
};

/** A bucket of turns that refills with time. */
const createTurns = (): { wait(): number; take(): void } => {
  let nextFree = 0;
  return {
    wait: () =>
      Math.max(0, Math.ceil(nextFree - insertBurst * insertIntervalMs + insertIntervalMs - performance.now())),
    take: () => {
      nextFree = Math.max(nextFree, performance.now()) + insertIntervalMs;
    },
  };
};

const insertBatch = async (target: LedgerTarget, batch: readonly Pending[]): Promise<void> => {
  for (const day of new Set(batch.flatMap(({ rows }) => [...rows.keys()]))) {
    const sharers = batch.filter(({ rows, fault }) => rows.has(day) && fault === undefined);
    try {
      await insertDay(target, sharers, day);
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

const insertDay = async (target: LedgerTarget, sharers: readonly Pending[], day: number): Promise<void> => {
  const rows: string[] = [];
  const owners: Pending[] = [];
  for (const pending of sharers) {
    for (const row of pending.rows.get(day) ?? []) {
      rows.push(row);
      owners.push(pending);
    }
  }
  let searches = 0;
  const insertRange = async (from: number, to: number): Promise<void> => {
    try {
      const stored = await insertLanding(target, rows.slice(from, to));
      for (const { outcome } of owners.slice(from, to)) outcome[stored === 0 ? "duplicates" : "stored"] += 1;
    } catch (error) {
      if (!(error instanceof RefusedRow)) throw error;
      if (to - from === 1) {
        owners[from]?.outcome.refused.push({ row: rows[from] ?? "", problem: error.message });
        return;
      }
      searches += 2;
      if (searches > maxSearchInserts)
        throw new PassingFault(503, "the database refuses too many spans", { cause: error });
      const middle = (from + to) >> 1;
      await insertRange(from, middle);
      await insertRange(middle, to);
    }
  };
  await insertRange(0, rows.length);
};
