import { decodeJson, type JsonForm } from "../otlp/decode-json.ts";
import { decodeProtobuf, type ReadRecord } from "../otlp/decode-protobuf.ts";
import { readJsonLog } from "../otlp/json-log.ts";
import { readJsonSpan } from "../otlp/json-span.ts";
import { landingColumns, landingRow, rowSize } from "../otlp/landing-row.ts";
import { logColumns, logRow, logSize } from "../otlp/log-row.ts";
import { readProtobufLog } from "../otlp/protobuf-log.ts";
import { readProtobufSpan } from "../otlp/protobuf-span.ts";
import { type ReceivedLog, timeOf } from "../otlp/received-log.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";
import type { RecordSink, RecordSource } from "../otlp/received.ts";
import { logRejection, type RejectionReason, spanRejection } from "../otlp/span-check.ts";
import type { BodyFormat } from "./request-body.ts";
import type { Rejection } from "./statistics.ts";

/** The table a signal lands in. */
export interface LandingTable {
  readonly name: "otel_traces" | "otel_logs";
  readonly columns: readonly string[];
}

/** Which record it was, by name and id only. */
export type RecordName = Pick<Rejection, "span" | "traceId" | "spanId">;

/** What the receiver has to know of a kind of telemetry to take it in. */
export interface Signal<Received> {
  /** One record, to people. */
  readonly noun: "span" | "log record";
  readonly table: LandingTable;
  readonly json: JsonForm<Received>;
  readonly protobuf: ReadRecord<Received>;
  rejectionOf(received: Received, nowMs: number): RejectionReason | undefined;
  /** Nanoseconds since 1970: decides the partition. */
  timeOf(received: Received): bigint;
  sizeOf(received: Received, source: RecordSource): number;
  rowOf(received: Received, source: RecordSource): string;
  nameOf(received: Received): RecordName;
}

/** Reads every record of a request. @throws MalformedInput when the request itself cannot be read */
export const decodeSignal = <Received>(
  body: Buffer,
  format: BodyFormat,
  signal: Pick<Signal<Received>, "json" | "protobuf">,
  sink: RecordSink<Received>,
): void => {
  if (format === "json") decodeJson(body, signal.json, sink);
  else decodeProtobuf(body, signal.protobuf, sink);
};

export const spanSignal: Signal<ReceivedSpan> = {
  noun: "span",
  table: { name: "otel_traces", columns: landingColumns },
  json: { resources: "resourceSpans", scopes: "scopeSpans", records: "spans", read: readJsonSpan },
  protobuf: readProtobufSpan,
  rejectionOf: spanRejection,
  timeOf: ({ startNanos }) => startNanos,
  sizeOf: rowSize,
  rowOf: landingRow,
  nameOf: ({ name, traceId, spanId }) => ({ span: name, traceId, spanId }),
};

export const logSignal: Signal<ReceivedLog> = {
  noun: "log record",
  table: { name: "otel_logs", columns: logColumns },
  json: { resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords", read: readJsonLog },
  protobuf: readProtobufLog,
  rejectionOf: logRejection,
  timeOf,
  sizeOf: logSize,
  rowOf: logRow,
  nameOf: ({ eventName, attributes, traceId, spanId }) => ({
    span: attributes.get("event.name") ?? eventName,
    traceId,
    spanId,
  }),
};
