import type { IncomingMessage } from "node:http";
import * as http from "node:http";
import * as https from "node:https";
import { gzipSync } from "node:zlib";
import { suppressTracing } from "@opentelemetry/core";
import { context } from "@tokenledger/core";
import type { Destination } from "./destination.ts";

/** How a request ended. */
export type Answer =
  | { readonly kind: "accepted"; readonly body: Uint8Array }
  /** Worth sending again, after that many milliseconds if the receiver said so. */
  | { readonly kind: "later"; readonly reason: string; readonly afterMillis?: number | undefined }
  | { readonly kind: "too-large" }
  /** The receiver will never take it. */
  | { readonly kind: "refused"; readonly reason: string };

export interface OtlpBody {
  readonly bytes: Uint8Array;
  readonly contentType: "application/json" | "application/x-protobuf";
}

/** Bytes of an answer that are read; the rest is cut off. */
const longestAnswer = 64 * 1024;
/** Time to connect and hand over the body. Node waits for both however unreferenced, so it is short. */
const handOverMillis = 2_000;
/** Statuses that OTLP calls passing. */
const passing = new Set([429, 502, 503, 504]);
/** What a local receiver answers when it was restarted, or when another program has its port. */
const passingLocally = new Set([401, 403, 404, 405]);

/** Sends one OTLP request. Never rejects, never keeps the process alive, is never traced itself. */
export const post = (destination: Destination, body: OtlpBody): Promise<Answer> =>
  context.with(suppressTracing(context.active()), async (): Promise<Answer> => {
    try {
      return await send(destination, body);
    } catch (error) {
      return { kind: "later", reason: error instanceof Error ? error.message : String(error) };
    }
  });

const send = async (destination: Destination, body: OtlpBody): Promise<Answer> => {
  const gzip = destination.compression === "gzip";
  const bytes = gzip ? gzipSync(body.bytes) : body.bytes;
  const headers = {
    ...(await destination.headers()),
    "content-type": body.contentType,
    "content-length": bytes.byteLength,
    ...(gzip ? { "content-encoding": "gzip" } : {}),
  };
  const { request } = destination.url.startsWith("https:") ? https : http;
  const agent = await destination.agent();
  return new Promise((resolve, reject) => {
    const outgoing = request(destination.url, { method: "POST", headers, agent });
    let deadline = expire(handOverMillis);
    function expire(millis: number): NodeJS.Timeout {
      return setTimeout(() => outgoing.destroy(new Error(`no answer within ${millis} ms`)), millis).unref();
    }
    outgoing.on("socket", (socket) => socket.unref());
    outgoing.on("finish", () => {
      clearTimeout(deadline);
      deadline = expire(destination.timeoutMillis);
    });
    outgoing.on("close", () => clearTimeout(deadline));
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      readAnswer(response).then((read) => resolve(judge(response, read, destination.local)), reject);
    });
    outgoing.end(bytes);
  });
};

const readAnswer = async (response: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longestAnswer) break;
  }
  return Buffer.concat(chunks).subarray(0, longestAnswer);
};

const judge = (response: IncomingMessage, body: Buffer, local: boolean): Answer => {
  const status = response.statusCode ?? 0;
  const reason = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: "accepted", body };
  if (passing.has(status) || (local && passingLocally.has(status))) {
    return { kind: "later", reason, afterMillis: retryAfter(response.headers["retry-after"]) };
  }
  return status === 413 ? { kind: "too-large" } : { kind: "refused", reason };
};

/** `Retry-After` in either of its forms, in milliseconds. */
const retryAfter = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  const millis = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(millis) ? undefined : Math.max(0, millis);
};
