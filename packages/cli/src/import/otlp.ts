import { setTimeout as pause } from "node:timers/promises";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import {
  createIntake,
  type Intake,
  logSignal,
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
import { type OtlpRequest, requestOf } from "./trace-request.ts";
import { UnderWay } from "./under-way.ts";

/** What an import of OTLP and other trace files read, and what it had to set aside. */
export interface OtlpImportReport {
  files: number;
  /** OTLP requests, and pieces of exports that were turned into one. */
  requests: number;
  /** Spans and log records, as the receiver counts them: stored, duplicates, and rejected by reason. */
  spans: RecordCounts;
  logs: RecordCounts;
  rejected: Sample<{ file: string; place: string; reason: string }>;
  /** Files that could not be read, or not to their end: what came before is in the ledger. */
  unreadable: { file: string; problem: string }[];
}

type RecordCounts = Pick<ReceiverStatistics, "received" | "stored" | "duplicates" | "rejected">;

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
  const intakes = {
    spans: createIntake(target, spanSignal, statistics, () => undefined),
    logs: createIntake(target, logSignal, statistics.logs, () => undefined),
  };
  const underWay = new UnderWay(bytesUnderWay);
  const report: OtlpImportReport = {
    files: 0,
    requests: 0,
    spans: countsOf(statistics),
    logs: countsOf(statistics),
    rejected: new Sample(),
    unreadable: [],
  };
  for (const file of files) {
    report.files += 1;
    const setAside = (place: string, reason: string): void => report.rejected.add({ file: file.path, place, reason });
    const take = (piece: TracePiece, place: string): Promise<void> =>
      underWay.start(piece.bytes.length, () => deliver(intakes, piece, file, report, (why) => setAside(place, why)));
    await readTraceFile(contentOf(file.path, progress), take, setAside).catch((error: unknown) => {
      if (!(error instanceof UnreadableFile)) throw error;
      report.unreadable.push({ file: file.path, problem: error.message });
    });
  }
  await underWay.end();
  return { ...report, spans: countsOf(statistics), logs: countsOf(statistics.logs) };
}

const countsOf = ({ received, stored, duplicates, rejected }: RecordCounts): RecordCounts => ({
  received,
  stored,
  duplicates,
  rejected,
});

async function deliver(
  intakes: Readonly<Record<OtlpRequest["signal"], Intake>>,
  piece: TracePiece,
  file: InputFile,
  report: OtlpImportReport,
  setAside: (reason: string) => void,
): Promise<void> {
  try {
    const { bytes, format, signal } = requestOf(piece, file.modifiedAt);
    await patiently(() => intakes[signal].take(bytes, format));
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
