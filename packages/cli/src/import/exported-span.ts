import { identifier } from "./imported-row.ts";
import { number, time } from "./json-fields.ts";

/** A span as an export tells it; values keep the names and types its emitter gave them. */
export interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** OTLP's number. */
  kind: number;
  /** Nanoseconds since 1970, in digits. */
  start: string;
  end: string;
  failed: boolean;
  statusMessage: string;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  scope: { name: string; version: string };
}

/** The OTLP/JSON request of exported spans. What is wrong with a span is the intake's to say. */
export function otlpRequest(spans: readonly ExportedSpan[]): Buffer {
  const sources = Map.groupBy(spans, ({ resource, scope }) => JSON.stringify([resource, scope]));
  const resourceSpans = [...sources.values()].map((group) => ({
    resource: { attributes: keyValues(group[0]?.resource ?? {}) },
    scopeSpans: [{ scope: group[0]?.scope, spans: group.map(otlpSpan) }],
  }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}

const otlpSpan = (span: ExportedSpan): object => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  name: span.name,
  kind: span.kind,
  startTimeUnixNano: span.start,
  endTimeUnixNano: span.end,
  attributes: keyValues(span.attributes),
  status: { code: span.failed ? errorStatus : 0, message: span.statusMessage },
});

const errorStatus = 2;

const keyValues = (attributes: Record<string, unknown>): object[] =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: otlpValue(value) }],
  );

function otlpValue(value: unknown): object {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      if (Array.isArray(value)) return { arrayValue: { values: value.map(otlpValue) } };
      return { kvlistValue: { values: keyValues(Object.fromEntries(Object.entries(value ?? {}))) } };
  }
}

/**
 * An id of as many bytes, in hexadecimal: as it is, after `0x`, from a number's digits; of an id of another
 * kind (a UUID, a word) one that follows from it. Nothing of nothing.
 */
export function spanIdentity(bytes: 8 | 16, value: unknown): string {
  const given = typeof value === "number" ? String(value) : value;
  if (typeof given !== "string" || given === "") return "";
  const hexadecimal = given.replace(/^0x/, "").replaceAll("-", "").toLowerCase();
  if (hexadecimal.length === 2 * bytes && /^[0-9a-f]+$/.test(hexadecimal)) return hexadecimal;
  if (/^\d+$/.test(given))
    return BigInt(given)
      .toString(16)
      .padStart(2 * bytes, "0");
  return identifier(bytes, given);
}

/** A time in nanoseconds since 1970, in digits, of ISO text (to the nanosecond) or of a count of nanoseconds. */
export function nanosecondsOf(value: unknown): string {
  if (typeof value === "string" && /^\d+$/.test(value)) return value;
  if (number(value) !== undefined) return String(value);
  const milliseconds = time(value);
  if (milliseconds === undefined) return "0";
  const fraction = /\.(\d+)/.exec(String(value))?.[1] ?? "";
  return `${Math.floor(milliseconds / 1000)}${fraction.slice(0, 9).padEnd(9, "0")}`;
}
