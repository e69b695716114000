import type { Attributes, HrTime } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRows, jsonOf, protobufOf, readableSpan } from "./spans.fixture.ts";

// The oracle is the official encoder: whatever it encodes must come out as the exporter would store it.
const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("__proto__", "constructor", "toString", "gen_ai.usage.input_tokens", 'a"b\\c\n\u0000', "\ud800", ""),
);
const scalar = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.maxSafeInteger(),
  // Whole numbers beyond 2^53 are not what they seem before they reach the encoder.
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number)),
  fc.boolean(),
  fc.constantFrom("", "null", "-1", "<&>"),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const attributes = fc
  .array(fc.tuple(name, value), { maxLength: 8 })
  .map((entries): Attributes => Object.fromEntries(entries) as Attributes);
const id = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));
const time = fc.tuple(fc.integer({ min: 1_500_000_000, max: 1_790_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));

const spans = fc.record({
  traceId: id(32),
  spanId: id(16),
  name,
  kind: fc.constantFrom(0, 1, 2, 3, 4),
  startTime: time,
  endTime: time,
  attributes,
  resourceAttributes: attributes,
  status: fc.record({ code: fc.constantFrom(0, 1, 2), message: name }),
  events: fc.array(fc.record({ name, time, attributes }), { maxLength: 3 }),
  links: fc.array(
    fc.record({ context: fc.record({ traceId: id(32), spanId: id(16), traceFlags: fc.constant(1) }), attributes }),
    { maxLength: 2 },
  ),
});

describe.each(["protobuf", "json"] as const)("spans of the official %s encoder", (format) => {
  test("decode to the rows of the exporter, whatever they hold", () => {
    fc.assert(
      fc.property(spans, (parts) => {
        const span = readableSpan(parts);
        const { rows, rejected } = decodeRows(format === "json" ? jsonOf([span]) : protobufOf([span]), format);
        expect(rejected).toEqual([]);
        expect(rows).toEqual([expectedRow(span)]);
      }),
      { numRuns: 300 },
    );
  });
});

test("several spans of several resources keep their own resource and scope", () => {
  const made = ["a", "b", "a", "c"].map((service, index) =>
    readableSpan({
      resourceAttributes: { "service.name": service },
      instrumentationScope: { name: `scope-${index % 2}`, version: "1" },
    }),
  );
  const services = decodeRows(protobufOf(made), "protobuf").rows.map((row) => [
    row.ServiceName,
    row.ScopeName,
    row.SpanId,
  ]);
  const expected = made.map((span) => [
    span.resource.attributes["service.name"],
    span.instrumentationScope.name,
    span.spanContext().spanId,
  ]);
  expect(new Set(services)).toEqual(new Set(expected));
});

const kinds = ["Internal", "Server", "Client", "Producer", "Consumer"];

/** The exporter's row, written down anew: the SDK's kinds start at internal, OTLP's at unspecified. */
const expectedRow = (span: ReadableSpan): unknown => ({
  Timestamp: seconds(span.startTime),
  TraceId: span.spanContext().traceId,
  SpanId: span.spanContext().spanId,
  ParentSpanId: "",
  TraceState: "",
  SpanName: span.name.toWellFormed(),
  SpanKind: kinds[span.kind],
  ServiceName: map(span.resource.attributes)["service.name"] ?? "",
  ResourceAttributes: map(span.resource.attributes),
  ScopeName: "scope",
  ScopeVersion: "1.0.0",
  SpanAttributes: map(span.attributes),
  Duration: nanos(span.endTime) > nanos(span.startTime) ? String(nanos(span.endTime) - nanos(span.startTime)) : "0",
  StatusCode: ["Unset", "Ok", "Error"][span.status.code],
  StatusMessage: (span.status.message ?? "").toWellFormed(),
  "Events.Timestamp": span.events.map((event) => seconds(event.time)),
  "Events.Name": span.events.map((event) => event.name.toWellFormed()),
  "Events.Attributes": span.events.map((event) => map(event.attributes)),
  "Links.TraceId": span.links.map((link) => link.context.traceId),
  "Links.SpanId": span.links.map((link) => link.context.spanId),
  "Links.TraceState": span.links.map(() => ""),
  "Links.Attributes": span.links.map((link) => map(link.attributes)),
});

const nanos = ([whole, rest]: HrTime): bigint => BigInt(whole) * 1_000_000_000n + BigInt(rest);
const seconds = ([whole, rest]: HrTime): string => `${whole}.${String(rest).padStart(9, "0")}`;

const map = (source: Attributes = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(source).map(([key, item]) => [key.toWellFormed(), text(item)]));

const text = (item: unknown): string => {
  if (typeof item === "string") return item.toWellFormed();
  if (typeof item === "number" || typeof item === "boolean") return String(plain(item));
  if (item instanceof Uint8Array) return Buffer.from(item).toString("base64");
  return item === undefined || item === null ? "" : json(plain(item));
};

/** JSON with keys in order: in objects, those that look like numbers come first. */
const json = (item: unknown): string => {
  if (Array.isArray(item)) return `[${item.map(json).join()}]`;
  if (typeof item !== "object" || item === null) return JSON.stringify(item);
  const entries = Object.entries(item).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${json(inner)}`).join()}}`;
};

/** A value as JSON has it: bytes in base64. */
const plain = (item: unknown): unknown => {
  if (typeof item === "string") return item.toWellFormed();
  if (typeof item === "number") return item === 0 ? 0 : item;
  if (item instanceof Uint8Array) return Buffer.from(item).toString("base64");
  if (Array.isArray(item)) return item.map(plain);
  if (typeof item !== "object" || item === null) return item ?? null;
  return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key.toWellFormed(), plain(inner)]));
};
