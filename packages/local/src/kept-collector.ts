import { type CollectorOptions, type CollectorProcess, startCollector } from "./collector-process.ts";
import {
  type CollectorCounts,
  type CollectorStatistics,
  newCollectorStatistics,
  readCollectorCounts,
} from "./collector-statistics.ts";
import type { Endpoint } from "./receiver/receiver.ts";
import { recordRun } from "./run-record.ts";
import { keepRunning } from "./supervision.ts";

const intervalMs = 1_000;
const wordsKept = 500;

/**
 * Starts a collector, starts it again when it ends unasked, and keeps its counts in the ledger's directory for later
 * commands. What waits in its queue outlives it.
 *
 * @throws LocalFault as {@link startCollector} does
 */
export const keepCollector = async (
  options: CollectorOptions,
  ledgerDirectory: string,
  onProgress: (line: string) => void,
): Promise<Endpoint> => {
  const first = await startCollector(options);
  const counts = countOver(first);
  const record = recordRun(ledgerDirectory, "collector", () => counts.statistics);
  const timer = setInterval(() => void counts.update(), intervalMs).unref();
  const supervision = keepRunning({
    name: "The collector",
    first,
    start: () => startCollector({ ...options, ports: first.ports }),
    onProgress,
    onChange: (change) => ("back" in change ? counts.goOn() : counts.crashed(String(change.lost))),
  });
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await counts.update();
    await supervision.stop();
    record.end();
  };
  return { url: first.url, port: first.port, stop };
};

/** Adds up what successive collectors at one address count from zero. */
const countOver = ({ metricsUrl }: CollectorProcess) => {
  const statistics: CollectorStatistics = newCollectorStatistics();
  let before: CollectorStatistics = { ...statistics };
  const show = (now: CollectorCounts): void => {
    for (const field of ["accepted", "stored", "refused", "setAside", "lost"] as const) {
      statistics[field] = before[field] + now[field];
    }
    statistics.queueBytes = now.queueBytes;
    statistics.queueCapacity = now.queueCapacity;
  };
  return {
    statistics,
    // While it is down there is nothing to read; what it counted last stands.
    update: (): Promise<void> => readCollectorCounts(metricsUrl).then(show, () => {}),
    crashed(words: string): void {
      before = { ...statistics };
      statistics.crashes += 1;
      statistics.down = true;
      statistics.lastWords = words.slice(-wordsKept);
    },
    goOn(): void {
      statistics.down = false;
    },
  };
};
