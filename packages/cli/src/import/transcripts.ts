import type { LandingRow } from "@tokenledger/clickhouse";
import { contentOf, UnreadableFile } from "./file-content.ts";
import type { InputFile } from "./input-files.ts";
import { readRecords, type Rejected } from "./json-records.ts";
import type { RecordedSession } from "./recorded-session.ts";
import { Sample } from "./sample.ts";
import { sessionRows } from "./session-rows.ts";

/** The logs of one coding agent: takes their records, file by file, and says what sessions they tell of. */
export interface Transcripts {
  add(record: Record<string, unknown>, file: string): void;
  sessions(): Iterable<RecordedSession>;
  /** Calls that a file repeats from another session's history, which bills them. */
  repeatedCalls(): number;
}

/** What an import read, and what it had to set aside. */
export interface TranscriptReport {
  files: number;
  bytes: number;
  records: number;
  sessions: number;
  calls: number;
  /** Requests that the API refused: rows of their own, without usage. */
  refusedRequests: number;
  repeatedCalls: number;
  rejected: Sample<Rejected & { file: string }>;
  /** Files that could not be read, or not to their end: what came before is in the ledger. */
  unreadable: { file: string; problem: string }[];
  /** Files whose last record is still being written. */
  unfinished: string[];
}

/**
 * Reads transcripts and hands over their rows, whole sessions at a time. Files of one session (sub-agents
 * write their own) are joined, so every file is read before the first row is written.
 */
export async function importTranscripts(
  transcripts: Transcripts,
  files: readonly InputFile[],
  land: (rows: LandingRow[]) => Promise<void>,
  progress: (bytes: number) => void,
): Promise<TranscriptReport> {
  const report: TranscriptReport = { ...nothingYet, rejected: new Sample(), unreadable: [], unfinished: [] };
  for (const { path } of files) {
    const read = await readRecords(contentOf(path, progress), (record) => transcripts.add(record, path)).catch(
      (error: unknown) => {
        if (!(error instanceof UnreadableFile)) throw error;
        report.unreadable.push({ file: path, problem: error.message });
      },
    );
    if (read === undefined) continue;
    report.files += 1;
    report.bytes += read.bytes;
    report.records += read.records;
    for (const rejected of read.rejected.first) report.rejected.add({ ...rejected, file: path });
    report.rejected.count += read.rejected.count - read.rejected.first.length;
    if (read.unfinishedBytes > 0) report.unfinished.push(path);
  }
  let rows: LandingRow[] = [];
  for (const session of transcripts.sessions()) {
    if (session.calls.length === 0 && session.refusals.length === 0) continue;
    report.sessions += 1;
    report.calls += session.calls.length;
    report.refusedRequests += session.refusals.length;
    rows = rows.concat(sessionRows(session));
    if (rows.length >= rowsPerInsert) await land(rows.splice(0));
  }
  if (rows.length > 0) await land(rows);
  report.repeatedCalls = transcripts.repeatedCalls();
  return report;
}

/** Sessions share inserts, each of which costs as much as thousands of rows. */
const rowsPerInsert = 10_000;

const nothingYet = {
  files: 0,
  bytes: 0,
  records: 0,
  sessions: 0,
  calls: 0,
  refusedRequests: 0,
  repeatedCalls: 0,
};
