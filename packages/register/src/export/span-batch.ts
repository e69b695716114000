import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { OtlpBody } from "./post.ts";

/** Spans as one OTLP request. */
export const encode = (spans: ReadableSpan[], format: "json" | "protobuf"): OtlpBody =>
  format === "json"
    ? { bytes: JsonTraceSerializer.serializeRequest(spans) ?? new Uint8Array(), contentType: "application/json" }
    : {
        bytes: ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array(),
        contentType: "application/x-protobuf",
      };

/** Memory that waiting spans take, roughly: their text, and a fixed share for the rest. */
export const approximateBytes = (spans: readonly ReadableSpan[]): number => {
  let bytes = spans.length * 1_024;
  for (const { attributes } of spans) {
    for (const value of Object.values(attributes)) if (typeof value === "string") bytes += value.length;
  }
  return bytes;
};
