import type { LandingRow } from "@tokenledger/clickhouse";
import { claudeCodeRows } from "./claude-code-rows.ts";
import { Session } from "./claude-code-session.ts";
import { readRecords, type Rejected } from "./json-records.ts";
import type { TranscriptFile } from "./transcript-files.ts";

/** What an import read, and what it had to set aside. */
export interface ImportReport {
  files: number;
  bytes: number;
  records: number;
  sessions: number;
  calls: number;
  /** Requests that the API refused and Claude Code tried again: rows of their own, without usage. */
  refusedRequests: number;
  rejected: (Rejected & { file: string })[];
  /** Files that the system does not let us read. */
  unreadable: { file: string; problem: string }[];
  /** Files whose last record is still being written. */
  unfinished: string[];
}

/**
 * Reads Claude Code transcripts and hands over their rows, a session at a time. Files of one session
 * (its sub-agents write their own) are joined; a message in several files is told apart by its id, which
 * the ledger bills once.
 */
export async function importClaudeCode(
  files: readonly TranscriptFile[],
  land: (rows: LandingRow[]) => Promise<void>,
  progress: (bytes: number) => void,
): Promise<ImportReport> {
  const report: ImportReport = { ...nothingYet, rejected: [], unreadable: [], unfinished: [] };
  const sessions = new Map<string, Session>();
  for (const { path } of files) {
    const read = await readRecords(path, (record) => sessionOf(sessions, record)?.add(record), progress).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.syscall === undefined) throw error;
        report.unreadable.push({ file: path, problem: error.message });
      },
    );
    if (read === undefined) continue;
    report.files += 1;
    report.bytes += read.bytes;
    report.records += read.records;
    report.rejected.push(...read.rejected.map((rejected) => ({ ...rejected, file: path })));
    if (read.unfinishedBytes > 0) report.unfinished.push(path);
  }
  for (const session of sessions.values()) {
    if (session.calls.size === 0 && session.errors.size === 0) continue;
    report.sessions += 1;
    report.calls += session.calls.size;
    report.refusedRequests += session.errors.size;
    await land(claudeCodeRows(session));
  }
  return report;
}

const nothingYet = { files: 0, bytes: 0, records: 0, sessions: 0, calls: 0, refusedRequests: 0 };

function sessionOf(sessions: Map<string, Session>, record: Record<string, unknown>): Session | undefined {
  const id = record["sessionId"];
  if (typeof id !== "string" || id === "") return undefined;
  const session = sessions.get(id) ?? new Session(id);
  sessions.set(id, session);
  return session;
}
