import { setTimeout as pause } from "node:timers/promises";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import {
  createIntake,
  type Intake,
  MalformedInput,
  newStatistics,
  PassingFault,
  type ReceiverStatistics,
  Refusal,
  spanSignal,
} from "@tokenledger/local";
import { contentOf, UnreadableFile } from "./file-content.ts";
import type { InputFile } from "./input-files.ts";
import { Sample } from "./sample.ts";
import { readTraceFile, type TracePiece } from "./trace-file.ts";
import { requestOf } from "./trace-request.ts";
import { UnderWay } from "./under-way.ts";

/** What an import of trace files read, and what it had to set aside. */
export interface OtlpImportReport {
  files: number;
  /** OTLP requests of spans, and pieces of exports that were turned into one. */
  requests: number;
  /** Spans, as the receiver counts them: stored, duplicates, and rejected by reason. */
  spans: Pick<ReceiverStatistics, "received" | "stored" | "duplicates" | "rejected">;
  rejected: Sample<{ file: string; place: string; reason: string }>;
  /** Files that could not be read, or not to their end: what came before is in the ledger. */
  unreadable: { file: string; problem: string }[];
}

/** Bytes of requests on their way into the ledger together: enough that their inserts are shared. */
const bytesUnderWay = 4 * 2 ** 20;
/** How long to wait where the ledger has too much at hand. */
const patienceMs = 100;

/**
 * Takes trace files through the receiver's own intake, whatever their form: what is no OTLP becomes OTLP
 * with the attributes that its emitter gave it, so that the ledger reads it like spans that arrived.
 */
export async function importOtlp(
  target: LedgerTarget,
  files: readonly InputFile[],
  progress: (bytes: number) => void,
): Promise<OtlpImportReport> {
  const statistics = newStatistics();
  const intake = createIntake(target, spanSignal, statistics, () => undefined);
  const underWay = new UnderWay(bytesUnderWay);
  const report: OtlpImportReport = {
    files: 0,
    requests: 0,
    spans: statistics,
    rejected: new Sample(),
    unreadable: [],
  };
  for (const file of files) {
    report.files += 1;
    const setAside = (place: string, reason: string): void => report.rejected.add({ file: file.path, place, reason });
    const take = (piece: TracePiece, place: string): Promise<void> =>
      underWay.start(piece.bytes.length, () => deliver(intake, piece, file, report, (why) => setAside(place, why)));
    await readTraceFile(contentOf(file.path, progress), take, setAside).catch((error: unknown) => {
      if (!(error instanceof UnreadableFile)) throw error;
      report.unreadable.push({ file: file.path, problem: error.message });
    });
  }
  await underWay.end();
  const { received, stored, duplicates, rejected } = statistics;
  return { ...report, spans: { received, stored, duplicates, rejected } };
}

async function deliver(
  intake: Intake,
  piece: TracePiece,
  file: InputFile,
  report: OtlpImportReport,
  setAside: (reason: string) => void,
): Promise<void> {
  try {
    const { bytes, format } = requestOf(piece, file.modifiedAt);
    await patiently(() => intake.take(bytes, format));
    report.requests += 1;
  } catch (error) {
    if (!(error instanceof MalformedInput || error instanceof Refusal)) throw error;
    setAside(error.message);
  }
}

async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof PassingFault) || error.status !== 429) throw error;
      await pause(patienceMs);
    }
  }
}
