import type { LedgerTarget } from "@tokenledger/clickhouse";
import { createBatchWriter, type Delivery, type DeliveryOutcome, type Pending } from "./batch-writer.ts";
import { PassingFault } from "./passing-fault.ts";
import type { LandingTable } from "./signals.ts";

export interface InsertQueue {
  /** Settles once all rows of the delivery are committed. @throws PassingFault */
  add(delivery: Delivery): Promise<DeliveryOutcome>;
  /** Inserts what is held now and waits for it. */
  drain(): Promise<void>;
}

/** Inserts may come in a short burst, and on average once per this time: parts must not outrun merges. */
const insertIntervalMs = 200;
const insertBurst = 5;
/** A batch of this size is worth an insert of its own, and does not wait for company: some 1,500 spans. */
const fullBatchBytes = 2 ** 20;
/** However long an insert took, senders should not have to wait for much longer. */
const longestRestMs = 1_000;
/** Beyond this the sender has to keep its rows for a while. */
const maxHeldBytes = 32 * 2 ** 20;
/**
 * Gathers concurrent deliveries into one insert per partition.
 *
 * While one insert runs, deliveries gather for the next; an idle queue inserts at once, a busy one waits
 * for its turn. What an insert costs hardly depends on its rows, as each plans every view over the table, so
 * small batches also leave the database as long in peace as the last insert has kept it busy.
 */
export const createInsertQueue = (target: LedgerTarget, table: LandingTable): InsertQueue => {
  let waiting: Pending[] = [];
  let waitingBytes = 0;
  let heldBytes = 0;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let restUntil = 0;
  const turns = createTurns();
  const write = createBatchWriter(target, table);

  const start = (): void => {
    clearTimeout(timer);
    timer = undefined;
    turns.take();
    const batch = waiting;
    const bytes = waitingBytes;
    waiting = [];
    waitingBytes = 0;
    const started = performance.now();
    running = write(batch).then(() => {
      const ended = performance.now();
      restUntil = ended + Math.min(ended - started, longestRestMs);
      heldBytes -= bytes;
      running = undefined;
      schedule();
    });
  };
  const schedule = (): void => {
    if (running !== undefined || waiting.length === 0) return;
    const rest = Math.max(0, Math.ceil(restUntil - performance.now()));
    const delay = waitingBytes >= fullBatchBytes ? 0 : Math.max(turns.wait(), rest);
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
