import { object } from "./json-fields.ts";
import { linesOf } from "./lines.ts";
import { Sample } from "./sample.ts";

/** A stretch of a file that holds no readable record, set aside and counted. */
export interface Rejected {
  /** Offset of the physical line in the file, in bytes. */
  offset: number;
  bytes: number;
  reason: "not json" | "cut off" | "too long";
}

/** A transcript read to its end. */
export interface ReadReport {
  records: number;
  bytes: number;
  rejected: Sample<Rejected>;
  /** Bytes of an unfinished last line: still being written, read again next time. */
  unfinishedBytes: number;
}

/** Takes a record, with its JSON as it stood in the file and the number of its line, from 1. */
export type TakeRecord = (record: Record<string, unknown>, json: string, line: number) => Promise<void> | void;

/**
 * Reads the JSON records of a line-delimited file that real programs have damaged: records cut off
 * with the next one glued behind, two records on a line, runs of NUL bytes, CRLF and a byte order
 * mark. Every complete record is passed on; what is left is reported, never dropped in silence. A
 * line that is a list holds a record in each of its places.
 */
export async function readRecords(content: AsyncIterable<Buffer>, each: TakeRecord): Promise<ReadReport> {
  const report: ReadReport = { records: 0, bytes: 0, rejected: new Sample(), unfinishedBytes: 0 };
  let number = 0;
  for await (const { bytes, offset, length, complete } of linesOf(content)) {
    number += 1;
    report.bytes = offset + length + (complete ? 1 : 0);
    const { records, problem } = bytes ? recordsOf(bytes.toString("utf8")) : tooLong;
    for (const { record, json } of records) {
      report.records += 1;
      const taken = each(record, json, number);
      if (taken) await taken;
    }
    if (problem && !complete) report.unfinishedBytes = length;
    else if (problem) report.rejected.add({ offset, bytes: length, reason: problem });
  }
  return report;
}

interface FoundRecord {
  record: Record<string, unknown>;
  json: string;
}
interface LineRecords {
  records: FoundRecord[];
  problem?: Rejected["reason"] | undefined;
}

const tooLong: LineRecords = { records: [], problem: "too long" };

/** The records of one physical line, and the reason of what could not be read, if anything. */
function recordsOf(line: string): LineRecords {
  const text = line
    .replaceAll("\0", "")
    .replace(/^\uFEFF/, "")
    .trim();
  if (text === "") return { records: [], problem: line.includes("\0") ? "not json" : undefined };
  const whole = parsedJson(text);
  if (Array.isArray(whole)) return { records: whole.flatMap((item) => listed(item)) };
  const record = object(whole);
  if (record) return { records: [{ record, json: text }] };
  const { records, leftover } = salvage(text);
  return { records, problem: leftover ? (text.startsWith("{") ? "cut off" : "not json") : undefined };
}

function listed(item: unknown): FoundRecord[] {
  const record = object(item);
  return record ? [{ record, json: JSON.stringify(record) }] : [];
}

/** How often a damaged line may be scanned over, so that a hostile one costs linear time. */
const scansPerLine = 16;

/** How a record of a transcript begins: where reading resumes behind one that was cut off. */
const recordStart =
  /\{"(?:parentUuid|type|uuid|sessionId|timestamp|isSidechain|messageId|summary|leafUuid|resourceSpans|resourceLogs)":/g;

function salvage(text: string): { records: FoundRecord[]; leftover: boolean } {
  const records: FoundRecord[] = [];
  let leftover = false;
  let position = 0;
  let budget = scansPerLine * text.length;
  while (position < text.length) {
    const end = text[position] === "{" && budget > 0 ? endOfObject(text, position) : -1;
    budget -= (end > 0 ? end : text.length) - position;
    const json = text.slice(position, Math.max(position, end));
    const record = json === "" ? undefined : object(parsedJson(json));
    if (record) {
      records.push({ record, json });
      position = end;
      while (/\s/.test(text[position] ?? "")) position += 1;
      continue;
    }
    leftover = true;
    recordStart.lastIndex = position + 1;
    position = recordStart.exec(text)?.index ?? text.length;
  }
  return { records, leftover };
}

/** Position behind the object that starts at `start`, or -1 where it never closes. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let position = start; position < text.length; position += 1) {
    const character = text[position];
    if (quoted) {
      if (character === "\\") position += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) return position + 1;
    }
  }
  return -1;
}

/** The value of a JSON text, `undefined` where it is none. Integers keep their digits. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text, exactIntegers.test(text) ? keepDigits : undefined);
  } catch {
    return undefined;
  }
}

/** Integers beyond 2^53 that a program wrote as bare numbers keep their digits, as text. */
const exactIntegers = /[:[,]\s*-?\d{16}/;
const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? context?.source
    : value;
