import { zstdDecompressSync } from "node:zlib";
import { isZstd } from "./file-content.ts";
import { parsedJson, readRecords } from "./json-records.ts";
import { longestLine } from "./lines.ts";

/** A part of a trace file that stands for itself: one request, one export, one span. */
export interface TracePiece {
  format: "json" | "protobuf";
  bytes: Buffer;
}

export type TakePiece = (piece: TracePiece, place: string) => Promise<void>;
export type SetAside = (place: string, reason: string) => void;

/** As much of a file is looked at to find out its form. */
const headBytes = 2 ** 16;

/**
 * Reads a trace file by what is in it: JSON in lines, JSON over many lines, one protobuf request, or
 * requests in frames of a length each, packed or not, as the collector's file exporter writes them.
 *
 * Damage costs the pieces it hit alone, as far as the form allows.
 */
export async function readTraceFile(
  content: AsyncIterable<Buffer>,
  take: TakePiece,
  setAside: SetAside,
): Promise<void> {
  const source = new Content(content);
  await readByForm(source, await source.peek(headBytes), take, setAside);
  source.throwFailure();
}

async function readByForm(source: Content, head: Buffer, take: TakePiece, setAside: SetAside): Promise<void> {
  if (head.length === 0) return;
  if (looksLikeJson(head)) return readJson(source, head, take, setAside);
  if (head[0] !== requestTag) return readFrames(source, take, setAside);
  const bytes = await source.take(longestLine);
  if ((await source.peek(1)).length === 0) return take({ format: "protobuf", bytes }, "byte 0");
  setAside("byte 0", `one request of more than ${longestLine} bytes; export it in smaller ones`);
}

/** Every request in protobuf begins with its first field. */
const requestTag = 0x0a;

/** A protobuf request could begin with a line end and a brace, but not with a quotation mark behind it. */
const looksLikeJson = (head: Buffer): boolean =>
  /^[\0\s\uFEFF]*(?:[{[]\s*(?:["{}[\]]|$)|$)/.test(head.toString("utf8", 0, 1024).slice(0, 1000));

async function readJson(source: Content, head: Buffer, take: TakePiece, setAside: SetAside): Promise<void> {
  const lineEnd = head.indexOf(10);
  const firstLine = head.subarray(0, lineEnd < 0 ? head.length : lineEnd).toString("utf8");
  const overManyLines = lineEnd >= 0 && parsedJson(firstLine) === undefined;
  if (overManyLines) {
    const whole = await source.peek(longestLine);
    const document = whole.length < longestLine ? parsedJson(whole.toString("utf8")) : undefined;
    if (document !== undefined) return takeDocument(document, take, setAside);
  }
  const report = await readRecords(source.rest(), (_record, json, line) =>
    take({ format: "json", bytes: Buffer.from(json) }, `line ${line}`),
  );
  for (const { offset, reason } of report.rejected.first) setAside(`byte ${offset}`, reason);
  if (report.unfinishedBytes > 0) setAside(`byte ${report.bytes - report.unfinishedBytes}`, "cut off at the end");
}

async function takeDocument(document: unknown, take: TakePiece, setAside: SetAside): Promise<void> {
  const pieces: unknown[] = Array.isArray(document) ? document : [document];
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece !== "object") setAside(`entry ${index + 1}`, "not an object");
    else await take({ format: "json", bytes: Buffer.from(JSON.stringify(piece)) }, `entry ${index + 1}`);
  }
}

async function readFrames(source: Content, take: TakePiece, setAside: SetAside): Promise<void> {
  for (;;) {
    const place = `byte ${source.position}`;
    const prefix = await source.take(4);
    if (prefix.length === 0) return;
    const length = prefix.length === 4 ? prefix.readUInt32BE(0) : 0;
    if (length === 0 || length > longestLine)
      return setAside(place, "neither JSON nor OTLP; nothing from here on is read");
    const frame = await source.take(length);
    if (frame.length < length) return setAside(place, "cut off at the end");
    const bytes = unpacked(frame);
    if (!bytes) setAside(place, "what is packed in it cannot be read");
    else await take({ format: looksLikeJson(bytes) ? "json" : "protobuf", bytes }, place);
  }
}

function unpacked(frame: Buffer): Buffer | undefined {
  if (!isZstd(frame)) return frame;
  try {
    return zstdDecompressSync(frame, { maxOutputLength: longestLine });
  } catch {
    return undefined;
  }
}

/** Content to look ahead in. */
class Content {
  readonly #chunks: AsyncIterator<Buffer>;
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #failure: { error: unknown } | undefined;
  /** Bytes taken so far. */
  position = 0;

  constructor(content: AsyncIterable<Buffer>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** The next bytes, fewer only at the end, which stay to be read. */
  async peek(length: number): Promise<Buffer> {
    while (this.#aheadBytes < length) {
      const next = await this.#next();
      if (next === undefined) break;
      this.#ahead.push(next);
      this.#aheadBytes += next.length;
    }
    const ahead = Buffer.concat(this.#ahead, this.#aheadBytes);
    this.#ahead = [ahead];
    return ahead.subarray(0, length);
  }

  /** The next bytes, fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const taken = await this.peek(length);
    const ahead = this.#ahead[0] ?? taken;
    this.#ahead = [ahead.subarray(taken.length)];
    this.#aheadBytes -= taken.length;
    this.position += taken.length;
    return taken;
  }

  /** Everything that is left. */
  async *rest(): AsyncGenerator<Buffer> {
    yield* this.#ahead;
    this.#ahead = [];
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) yield next;
  }

  /** What came before a failure is read first. @throws what ended the content before its end */
  throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const next = this.#failure ? undefined : await this.#chunks.next();
      return next?.done === true ? undefined : next?.value;
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }
}
