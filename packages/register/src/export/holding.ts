import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { diag, Spool } from "@tokenledger/core";
import type { Destination } from "./destination.ts";
import type { Losses } from "./losses.ts";
import { post, type Answer } from "./post.ts";

/** Spans on one line of a held file: one request when it is sent, so small enough for any receiver. */
const spansPerLine = 64;

/** Holds spans on disk, sends what earlier processes held, and declares what is lost on either way. */
export class Holding {
  readonly #home: string;
  readonly #losses: Losses;

  constructor(home: string, losses: Losses) {
    this.#home = home;
    this.#losses = losses;
  }

  /** Writes spans to the spool of a destination, at once. */
  hold(key: string, spans: readonly ReadableSpan[]): void {
    if (spans.length === 0) return;
    try {
      new Spool(this.#home, key).write(lines(spans));
    } catch (error) {
      this.#losses.declare("spool_failed", spans.length, error instanceof Error ? error.message : String(error));
    }
  }

  /** Declares what a final answer says was not stored. */
  account(answer: Answer, spans: number, format: "json" | "protobuf"): void {
    if (answer.kind === "accepted") {
      const { rejected, message } = rejection(answer.body, format);
      this.#losses.declare("rejected", Math.min(rejected, spans), message);
    }
    if (answer.kind === "too-large") this.#losses.declare("too_large", spans, "larger than the receiver takes");
    if (answer.kind === "refused") this.#losses.declare("refused", spans, answer.reason);
  }

  /**
   * Sends what is held for a destination, oldest first, until done or a request fails; false where some
   * of it has to wait. Never rejects.
   */
  async drain(destination: Destination): Promise<boolean> {
    try {
      return await this.#drain(destination);
    } catch (error) {
      diag.error("tokenledger: held spans could not be read; they stay where they are", error);
      return true;
    }
  }

  async #drain(destination: Destination): Promise<boolean> {
    const spool = new Spool(this.#home, destination.key);
    for (let file = spool.claim(); file !== undefined; file = spool.claim()) {
      const requests = file.lines.filter((line) => countSpans(line) > 0);
      const unreadable = file.lines.filter((line) => countSpans(line) === 0);
      const unsent = [...requests];
      for (const line of requests) {
        const bytes = Buffer.from(line);
        const answer = await post(destination, { bytes, contentType: "application/json" });
        if (answer.kind === "later") break;
        this.account(answer, countSpans(line), "json");
        unsent.shift();
      }
      file.release(unsent, unreadable);
      if (unsent.length > 0) return false;
    }
    return true;
  }
}

const lines = (spans: readonly ReadableSpan[]): string[] => {
  const result: string[] = [];
  for (let start = 0; start < spans.length; start += spansPerLine) {
    const bytes = JsonTraceSerializer.serializeRequest(spans.slice(start, start + spansPerLine));
    result.push(Buffer.from(bytes ?? []).toString());
  }
  return result;
};

/** What a receiver that answered 2xx says it did not take. */
const rejection = (body: Uint8Array, format: "json" | "protobuf"): { rejected: number; message: string } => {
  const serializer = format === "json" ? JsonTraceSerializer : ProtobufTraceSerializer;
  const { rejectedSpans, errorMessage } = serializer.deserializeResponse(body).partialSuccess ?? {};
  return { rejected: Number(rejectedSpans ?? 0), message: errorMessage ?? "the receiver gave no reason" };
};

interface HeldRequest {
  resourceSpans?: { scopeSpans?: { spans?: unknown[] }[] }[];
}

const countSpans = (line: string): number => {
  try {
    const request: HeldRequest = JSON.parse(line);
    const scopes = request.resourceSpans?.flatMap((resource) => resource.scopeSpans ?? []) ?? [];
    return scopes.reduce((count, scope) => count + (scope.spans?.length ?? 0), 0);
  } catch {
    return 0; // A line that was damaged on disk.
  }
};
