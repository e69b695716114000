/** A physical line of a file, without its end. */
export interface Line {
  /** `undefined` where it is longer than anything that is read. */
  bytes: Buffer | undefined;
  /** Offset and length in bytes. */
  offset: number;
  length: number;
  /** False for a last line without an end: it may still be being written. */
  complete: boolean;
}

/** Longest line that is read, in bytes; of a longer one only the length is told. */
export const longestLine: number = 64 * 2 ** 20;

/** Cuts content into lines. */
export async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let offset = 0;
  const keep = (part: Buffer): void => {
    if (length <= longestLine) parts.push(part);
    length += part.length;
  };
  const take = (complete: boolean): Line => {
    const line = { bytes: length > longestLine ? undefined : Buffer.concat(parts, length), offset, length, complete };
    offset += length + 1;
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of content) {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0; newline = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, newline));
      yield take(true);
      from = newline + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield take(false);
}
