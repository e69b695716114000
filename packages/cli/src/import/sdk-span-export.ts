import { nanosecondsOf, spanIdentity, type ExportedSpan } from "./exported-span.ts";
import { object, text } from "./json-fields.ts";

type Fields = Record<string, unknown>;

/**
 * Spans as OpenTelemetry SDKs print them and tools around them keep them: Python's `to_json`, lists of such
 * spans under `spans`, and what Phoenix answers under `data`. `undefined` where the record is none.
 */
export function sdkSpans(record: Fields): ExportedSpan[] | undefined {
  const given = record["spans"] ?? record["data"];
  if (!Array.isArray(given)) return isSpan(record) ? [spanOf(record)] : undefined;
  const spans = given.map((span: unknown) => object(span) ?? {});
  return spans.every(isSpan) ? spans.map(spanOf) : undefined;
}

const isSpan = (record: Fields): boolean =>
  object(record["context"])?.["span_id"] !== undefined && record["start_time"] !== undefined;

function spanOf(span: Fields): ExportedSpan {
  const context = object(span["context"]);
  const status = object(span["status"]);
  const resource = object(span["resource"]);
  const scope = object(span["instrumentation_scope"]) ?? object(span["scope"]);
  const kind = text(span["span_kind"]);
  return {
    traceId: spanIdentity(16, context?.["trace_id"]),
    spanId: spanIdentity(8, context?.["span_id"]),
    parentSpanId: spanIdentity(8, span["parent_id"] ?? object(span["parent"])?.["span_id"]),
    name: text(span["name"]) ?? "",
    kind: Math.max(0, kinds.indexOf(lastWord(span["kind"]))),
    start: nanosecondsOf(span["start_time"]),
    end: nanosecondsOf(span["end_time"]),
    failed: lastWord(status?.["status_code"] ?? span["status_code"]) === "error",
    statusMessage: text(status?.["description"]) ?? text(span["status_message"]) ?? "",
    // Phoenix takes the kind out of the attributes.
    attributes: { ...(kind !== undefined && { "openinference.span.kind": kind }), ...object(span["attributes"]) },
    resource: object(resource?.["attributes"]) ?? resource ?? {},
    scope: { name: text(scope?.["name"]) ?? "", version: text(scope?.["version"]) ?? "" },
  };
}

const kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];

/** `SpanKind.CLIENT`, `CLIENT` and `client` are one. */
const lastWord = (value: unknown): string => (text(value) ?? "").split(".").at(-1)?.toLowerCase() ?? "";
