import { createReadStream } from "node:fs";

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
  rejected: Rejected[];
  /** Bytes of an unfinished last line: still being written, read again next time. */
  unfinishedBytes: number;
}

/** Longest physical line that is read, in bytes; a longer one is set aside. */
const longestLine = 64 * 2 ** 20;

/**
 * Reads the JSON records of a line-delimited file that real programs have damaged: records cut off
 * with the next one glued behind, two records on a line, runs of NUL bytes, CRLF and a byte order
 * mark. Every complete record is passed on; what is left is reported, never dropped in silence.
 */
export async function readRecords(
  path: string,
  each: (record: Record<string, unknown>) => void,
  progress?: (bytes: number) => void,
): Promise<ReadReport> {
  const report: ReadReport = { records: 0, bytes: 0, rejected: [], unfinishedBytes: 0 };
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let lineStart = 0;

  const endLine = (complete: boolean): void => {
    const line = Buffer.concat(pending, pendingBytes);
    const reason = pendingBytes > longestLine ? "too long" : readLine(line.toString("utf8"), each, report);
    if (reason && !complete) report.unfinishedBytes = line.length;
    else if (reason) report.rejected.push({ offset: lineStart, bytes: line.length, reason });
    pending = [];
    pendingBytes = 0;
  };

  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, newline));
      endLine(true);
      from = newline + 1;
      lineStart = report.bytes + from;
    }
    keep(chunk.subarray(from));
    report.bytes += chunk.length;
    progress?.(chunk.length);
  }
  if (pendingBytes > 0) endLine(false);
  return report;

  function keep(part: Buffer): void {
    // Past the limit only the length matters: the line is set aside whole.
    if (pendingBytes <= longestLine) pending.push(part);
    pendingBytes += part.length;
  }
}

/** Passes on the records of one physical line; the reason of what could not be read, if anything. */
function readLine(
  line: string,
  each: (record: Record<string, unknown>) => void,
  report: ReadReport,
): Rejected["reason"] | undefined {
  const text = line
    .replaceAll("\0", "")
    .replace(/^\uFEFF/, "")
    .trim();
  if (text === "") return line.includes("\0") ? "not json" : undefined;
  const whole = parseObject(text);
  if (whole) {
    report.records += 1;
    each(whole);
    return undefined;
  }
  const { objects, leftover } = salvage(text);
  for (const object of objects) {
    report.records += 1;
    each(object);
  }
  return leftover ? (text.startsWith("{") ? "cut off" : "not json") : undefined;
}

/** How often a damaged line may be scanned over, so that a hostile one costs linear time. */
const scansPerLine = 16;

/** How a record of a transcript begins: where reading resumes behind one that was cut off. */
const recordStart = /\{"(?:parentUuid|type|uuid|sessionId|timestamp|isSidechain|messageId|summary|leafUuid)":/g;

function salvage(text: string): { objects: Record<string, unknown>[]; leftover: boolean } {
  const objects: Record<string, unknown>[] = [];
  let leftover = false;
  let position = 0;
  let budget = scansPerLine * text.length;
  while (position < text.length) {
    const end = text[position] === "{" && budget > 0 ? endOfObject(text, position) : -1;
    budget -= (end > 0 ? end : text.length) - position;
    const object = end > 0 ? parseObject(text.slice(position, end)) : undefined;
    if (object) {
      objects.push(object);
      position = end;
      while (/\s/.test(text[position] ?? "")) position += 1;
      continue;
    }
    leftover = true;
    recordStart.lastIndex = position + 1;
    position = recordStart.exec(text)?.index ?? text.length;
  }
  return { objects, leftover };
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

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
