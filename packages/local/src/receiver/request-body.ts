import type { IncomingMessage } from "node:http";
import { createGunzip, createInflate } from "node:zlib";
import { PassingFault } from "./passing-fault.ts";
import { Refusal } from "./refusal.ts";

/** A body may be this large, sent and unpacked: the size OTLP recommends. */
const maxBodyBytes = 20 * 2 ** 20;
/** All bodies being read together; more has to wait with its sender. */
const maxConcurrentBytes = 24 * 2 ** 20;

const decoders = { gzip: createGunzip, deflate: createInflate } as const;

export type BodyFormat = "protobuf" | "json";

/** The format a request declares; nothing is guessed from the body. */
export const formatOf = (request: IncomingMessage): BodyFormat | undefined => {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  const others = parameters.map((parameter) => parameter.trim().replaceAll('"', ""));
  if (others.some((parameter) => parameter.startsWith("charset=") && parameter !== "charset=utf-8")) return undefined;
  switch (type.trim()) {
    case "application/x-protobuf":
      return "protobuf";
    case "application/json":
      return "json";
    default:
      return undefined;
  }
};

/** Reads bodies within a bound that all requests share. */
export interface BodyReader {
  /**
   * The unpacked body. `release` must be called when it is no longer needed.
   *
   * @throws Refusal 400, 413 or 415, PassingFault 429
   */
  read(request: IncomingMessage): Promise<{ body: Buffer; release: () => void }>;
}

export const createBodyReader = (): BodyReader => {
  let inUse = 0;
  return {
    async read(request) {
      const unpacked = unpack(request);
      const chunks: Buffer[] = [];
      let size = 0;
      const release = (): void => {
        inUse -= size;
        size = 0;
      };
      try {
        for await (const chunk of unpacked) {
          size += chunk.length;
          inUse += chunk.length;
          if (size > maxBodyBytes) throw tooLarge();
          if (inUse > maxConcurrentBytes) throw new PassingFault(429, "too much is being received at once");
          chunks.push(chunk);
        }
      } catch (error) {
        release();
        throw error instanceof Refusal || error instanceof PassingFault ? error : broken(error);
      }
      return { body: Buffer.concat(chunks, size), release };
    },
  };
};

const tooLarge = (): Refusal => new Refusal(413, `a body may be at most ${maxBodyBytes} bytes, unpacked too`);

const broken = (error: unknown): Refusal =>
  new Refusal(400, `the body could not be read: ${error instanceof Error ? error.message : "unknown error"}`);

/** The body's bytes, unpacked as they arrive: nothing beyond the bound is ever unpacked. */
const unpack = (request: IncomingMessage): AsyncIterable<Buffer> => {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw tooLarge();
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return request;
  if (encoding !== "gzip" && encoding !== "deflate") {
    throw new Refusal(415, "Content-Encoding must be gzip, deflate or absent", { "Accept-Encoding": "gzip, deflate" });
  }
  const decoder = decoders[encoding]();
  let packed = 0;
  request.on("data", (chunk: Buffer) => {
    packed += chunk.length;
    if (packed > maxBodyBytes) decoder.destroy(tooLarge());
  });
  request.on("error", (error) => decoder.destroy(error));
  request.on("aborted", () => decoder.destroy(new Error("the sender went away")));
  return request.pipe(decoder);
};
