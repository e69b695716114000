import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

/** A file that cannot be read, or not to its end; the message says why. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/**
 * The content of a file, unpacked where its first bytes say that it is packed by gzip or zstd, whatever
 * its name. `progress` is told how many bytes of the file itself were read.
 *
 * @throws UnreadableFile after everything that could be read
 */
export async function* contentOf(path: string, progress: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    const unpack = unpackerOf(await firstBytes(path));
    const file = createReadStream(path, { highWaterMark: 2 ** 18 });
    file.on("data", (chunk) => progress(chunk.length));
    // The generator hears of an error from the last stream.
    const stream = unpack ? pipeline(file, unpack, () => undefined) : file;
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const packed = "syscall" in error ? "" : "what is packed in it breaks off: ";
    throw new UnreadableFile(`${packed}${error.message}`, { cause: error });
  }
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
