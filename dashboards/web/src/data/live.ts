import { type ReadonlySignal, signal } from "@preact/signals";
import { ApiError, askApi } from "./api.ts";

/** What the process behind the page says of itself. */
export interface LedgerStatus {
  readonly version: string;
  /** `local`: of this machine's `tokenledger up`. */
  readonly ledger: string;
  /** Begin of the oldest and the newest call, as ClickHouse writes it; null in an empty ledger. */
  readonly oldest_call_at: string | null;
  readonly newest_call_at: string | null;
  /** Changes whenever something landed or was settled. */
  readonly mark: string;
}

/** `lost`: nobody answers; `locked`: the page has no key, or another ledger's. */
export type Connection = "asking" | "live" | "lost" | "locked";

const everyMs = 2_000;
/** New data is asked for again no sooner than this many times as long as the slowest answer took. */
const restFactor = 3;

const statusSignal = signal<LedgerStatus | undefined>(undefined);
const connectionSignal = signal<Connection>("asking");
const revisionSignal = signal(0);

export const ledgerStatus: ReadonlySignal<LedgerStatus | undefined> = statusSignal;
export const connection: ReadonlySignal<Connection> = connectionSignal;
/** Grows when there is new data: what is shown is then asked for again. */
export const revision: ReadonlySignal<number> = revisionSignal;

let underWay = 0;
let slowestMs = 0;
let grownAt = 0;

/** Counts a question to the ledger, so that a slow one is not asked again before it had its rest. */
export async function timed<Result>(question: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  underWay += 1;
  try {
    return await question();
  } finally {
    underWay -= 1;
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
}

/** Asks how the ledger is, over and over, while the page is in sight. */
export function followLedger(): void {
  const ask = async (): Promise<void> => {
    if (!document.hidden) await update();
    setTimeout(() => void ask(), everyMs);
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void update();
  });
  void ask();
}

async function update(): Promise<void> {
  try {
    const response = await askApi("/api/status", { signal: AbortSignal.timeout(10_000) });
    // The API's own answer, whose fields its tests hold.
    const status = (await response.json()) as LedgerStatus;
    const isNew = statusSignal.value !== undefined && status.mark !== statusSignal.value.mark;
    const wasLost = connectionSignal.value === "lost";
    connectionSignal.value = "live";
    if ((isNew || wasLost) && !mayGrow()) return;
    statusSignal.value = status;
    if (isNew || wasLost) grow();
  } catch (error) {
    connectionSignal.value = error instanceof ApiError && error.status === 401 ? "locked" : "lost";
  }
}

const mayGrow = (): boolean => underWay === 0 && performance.now() - grownAt > restFactor * slowestMs;

function grow(): void {
  grownAt = performance.now();
  slowestMs = 0;
  revisionSignal.value += 1;
}
