import { type LedgerTarget, settle } from "@tokenledger/clickhouse";
import { type ClaimedFile, localSpool, Spool } from "@tokenledger/core";
import { MalformedInput } from "./otlp/malformed.ts";
import { createIntake, type Intake } from "./receiver/intake.ts";
import { recordRun } from "./run-record.ts";
import { Refusal } from "./receiver/refusal.ts";
import { spanSignal } from "./receiver/signals.ts";
import { countRejection, newStatistics, type ReceiverStatistics } from "./receiver/statistics.ts";

/** Lines that are under way together, by their size: well below what the intake may hold. */
const portionBytes = 4 * 2 ** 20;

/**
 * Takes in the spans that apps wrote to disk because no receiver answered when they ended.
 *
 * What cannot be stored now stays where it is, and no command fails for it. Lines that can never be
 * stored are kept in a `.rejected` file, and the run is recorded for `doctor`.
 */
export const takeHeldSpans = async (
  target: LedgerTarget,
  directory: string,
  onProgress: (line: string) => void,
): Promise<void> => {
  const statistics = newStatistics();
  try {
    await takeFiles(target, new Spool(directory, localSpool), statistics);
    if (statistics.stored > 0) await settle(target);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    onProgress(`Spans that apps left on disk could not all be taken, and stay there: ${problem}`);
  }
  const rejected = Object.values(statistics.rejected).reduce((sum, count) => sum + count, 0);
  if (statistics.stored > 0) onProgress(`Took ${statistics.stored} spans that apps had left on disk`);
  if (rejected === 0) return;
  onProgress(`Set ${rejected} of the spans on disk aside: tokenledger doctor says why`);
  recordRun(directory, "receiver", () => statistics).end();
};

const takeFiles = async (target: LedgerTarget, spool: Spool, statistics: ReceiverStatistics): Promise<void> => {
  const intake = createIntake(target, spanSignal, statistics, () => {});
  for (let file = spool.claim(); file !== undefined; file = spool.claim()) await takeFile(intake, file, statistics);
};

/** @throws what kept a line from being stored now; that line and all after it are then in the spool again */
const takeFile = async (intake: Intake, file: ClaimedFile, statistics: ReceiverStatistics): Promise<void> => {
  const unsent = new Set(file.lines);
  const rejected: string[] = [];
  const takeLine = async (line: string): Promise<void> => {
    try {
      if ((await intake.take(Buffer.from(line), "json")) !== undefined) rejected.push(line);
    } catch (error) {
      if (!(error instanceof MalformedInput || error instanceof Refusal)) throw error;
      setAside(statistics, error.message);
      rejected.push(line);
    }
    unsent.delete(line);
  };
  try {
    for (const lines of portions(file.lines)) {
      const results = await Promise.allSettled(lines.map(takeLine));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    }
  } finally {
    file.release([...unsent], rejected);
  }
};

/** A line that cannot be read may have held many spans; it counts as one, so that it counts at all. */
const setAside = (statistics: ReceiverStatistics, detail: string): void => {
  statistics.received += 1;
  countRejection(statistics, { reason: "malformed", detail, service: "", span: "", traceId: "", spanId: "" });
};

function* portions(lines: readonly string[]): Generator<string[]> {
  let portion: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (bytes + line.length > portionBytes && portion.length > 0) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(line);
    bytes += line.length;
  }
  if (portion.length > 0) yield portion;
}
