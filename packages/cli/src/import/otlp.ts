import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createIntake, MalformedInput, newStatistics, type Intake, type ReceiverStatistics } from "@tokenledger/local";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import type { TranscriptFile } from "./transcript-files.ts";

/** What an import of OTLP files read, and what it had to set aside. */
export interface OtlpImportReport {
  files: number;
  requests: number;
  /** Spans, as the receiver counts them: stored, duplicates, and rejected by reason. */
  spans: Pick<ReceiverStatistics, "received" | "stored" | "duplicates" | "rejected">;
  rejected: { file: string; line: number; reason: string }[];
}

/** Largest file that is read as one request, in bytes; longer ones come as lines. */
const longestRequest = 64 * 2 ** 20;

/**
 * Takes OTLP trace files through the receiver's own intake: a request in JSON or protobuf, or one JSON
 * request per line, as the collector's file exporter writes them.
 */
export async function importOtlp(
  target: LedgerTarget,
  files: readonly TranscriptFile[],
  progress: (bytes: number) => void,
): Promise<OtlpImportReport> {
  const statistics = newStatistics();
  const intake = createIntake(target, statistics, () => undefined);
  const report: OtlpImportReport = { files: 0, requests: 0, spans: statistics, rejected: [] };
  for (const { path, bytes } of files) {
    report.files += 1;
    const take = taker(intake, path, report);
    if (!(await startsLikeJson(path))) await take(await wholeFile(path, bytes), "protobuf", 1);
    else if (!(await importLines(path, take, progress))) await take(await wholeFile(path, bytes), "json", 1);
  }
  await intake.drain();
  return report;
}

type Take = (body: Buffer, format: "json" | "protobuf", line: number) => Promise<void>;

function taker(intake: Intake, file: string, report: OtlpImportReport): Take {
  return async (body, format, line) => {
    try {
      await intake.take(body, format);
      report.requests += 1;
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      report.rejected.push({ file, line, reason: error.message });
    }
  };
}

/** False where the first line is no whole document: the file is one request over many lines. */
async function importLines(path: string, take: Take, progress: (bytes: number) => void): Promise<boolean> {
  let number = 0;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    if (number === 1 && !isJson(line)) {
      lines.close();
      return false;
    }
    const body = Buffer.from(line);
    await take(body, "json", number);
    progress(body.length + 1);
  }
  return true;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function startsLikeJson(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return /^(?:\uFEFF)?\s*\{/.test(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await file.close();
  }
}

async function wholeFile(path: string, bytes: number): Promise<Buffer> {
  if (bytes > longestRequest) {
    throw new Error(`${path} is one request of ${bytes} bytes; split it into a request per line, at most 64 MB each`);
  }
  return readFile(path);
}
