import type { Attributes, HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { decodeSignal, spanSignal } from "../receiver/signals.ts";
import { landingColumns } from "./landing-row.ts";

/** A span as the SDK hands it to an exporter; every part may be replaced. */
export const readableSpan = (
  parts: Partial<ReadableSpan> & { traceId?: string; spanId?: string; resourceAttributes?: Attributes } = {},
): ReadableSpan => {
  const {
    traceId = randomHex(32),
    spanId = randomHex(16),
    resourceAttributes = { "service.name": "app" },
    ...rest
  } = parts;
  const startTime: HrTime = [Math.floor(Date.now() / 1000), 123_456_789];
  const resource = {
    attributes: resourceAttributes,
    asyncAttributesPending: false,
    merge: () => resource,
    getRawAttributes: () => Object.entries(resourceAttributes),
  };
  return {
    name: "chat gpt-5.1",
    kind: 2,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    startTime,
    endTime: [startTime[0] + 1, startTime[1]],
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    duration: [1, 0],
    ended: true,
    resource,
    instrumentationScope: { name: "scope", version: "1.0.0" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...rest,
  };
};

/** A billed call as the instrumentations send it. */
export const billedCall = (parts: Parameters<typeof readableSpan>[0] = {}): ReadableSpan =>
  readableSpan({
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.response.model": "gpt-5.1",
      "gen_ai.response.id": `chatcmpl-${randomHex(16)}`,
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
    },
    ...parts,
  });

export const protobufOf = (spans: ReadableSpan[]): Buffer => bytes(ProtobufTraceSerializer.serializeRequest(spans));
export const jsonOf = (spans: ReadableSpan[]): Buffer => bytes(JsonTraceSerializer.serializeRequest(spans));

const bytes = (serialized: Uint8Array | undefined): Buffer => {
  if (serialized === undefined) throw new Error("nothing was serialized");
  return Buffer.from(serialized);
};

/** A landing row by column, as it will be parsed by the database. */
export type Row = Record<(typeof landingColumns)[number], unknown>;

/** Everything a body decodes to. */
export const decodeRows = (body: Buffer, format: "protobuf" | "json"): { rows: Row[]; rejected: string[] } => {
  const rows: Row[] = [];
  const rejected: string[] = [];
  decodeSignal(body, format, spanSignal, {
    record(span, source) {
      const reason = spanSignal.rejectionOf(span, Date.now());
      if (reason !== undefined) rejected.push(reason);
      else rows.push(rowOf(spanSignal.rowOf(span, source)));
    },
    unreadable: () => rejected.push("malformed"),
  });
  return { rows, rejected };
};

const rowOf = (text: string): Row => {
  const values: unknown[] = JSON.parse(text);
  if (values.length !== landingColumns.length) throw new Error(`a row of ${values.length} columns: ${text}`);
  const row: Partial<Row> = Object.create(null);
  landingColumns.forEach((column, index) => {
    row[column] = values[index];
  });
  return row as Row;
};

const randomHex = (length: number): string =>
  Array.from({ length }, () => Math.floor(Math.random() * 15 + 1).toString(16)).join("");
