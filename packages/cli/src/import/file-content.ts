import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough, type Readable, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

/** A file that cannot be read, or not to its end; the message says why. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/**
 * The content of a file, unpacked where its first bytes say that it is packed by gzip or zstd, whatever
 * its name. `progress` is told how many bytes of the file itself were read.
 *
 * @throws UnreadableFile after what could be read; of packed content, all but the last 16 KB before the break
 */
export async function* contentOf(path: string, progress: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    const unpack = unpackerOf(await firstBytes(path));
    const file = createReadStream(path, { highWaterMark: chunkBytes });
    file.on("data", (chunk) => progress(chunk.length));
    yield* unpack ? unpackedBy(unpack, file) : (file as AsyncIterable<Buffer>);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const packed = "syscall" in error ? "" : "what is packed in it breaks off: ";
    throw new UnreadableFile(`${packed}${error.message}`, { cause: error });
  }
}

const chunkBytes = 2 ** 18;

/** A stream that fails drops what waits in it, so what was unpacked waits in another. */
async function* unpackedBy(unpack: Transform, file: Readable): AsyncGenerator<Buffer> {
  const content = new PassThrough({ highWaterMark: 4 * chunkBytes });
  const failures: Error[] = [];
  for (const stream of [file, unpack]) {
    stream.once("error", (error) => {
      failures.push(error);
      content.end();
    });
  }
  file.pipe(unpack).pipe(content);
  yield* content as AsyncIterable<Buffer>;
  if (failures[0]) throw failures[0];
}

/** How data packed by gzip or zstd begins. */
export const isZstd = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528;
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function unpackerOf(start: Buffer): Transform | undefined {
  if (isGzip(start)) return createGunzip();
  return isZstd(start) ? createZstdDecompress() : undefined;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
