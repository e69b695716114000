import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { call, type WireSpan } from "./collector-rig.ts";

/** A request that no honest sender makes. */
export interface HostileRequest {
  readonly what: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Numbers of the calls in it that nothing is wrong with. */
  readonly good: readonly number[];
  /** Whether the request itself is well formed, so that every receiver has to take what is good in it. */
  readonly wellFormed: boolean;
}

const json = { "Content-Type": "application/json" };
const protobuf = { "Content-Type": "application/x-protobuf" };
const gzip = { "Content-Encoding": "gzip" };

/** Values that an attribute may claim to have, in OTLP's JSON. */
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    5,
    "text",
    [],
    {},
    { intValue: null },
    { doubleValue: "NaN" },
    { doubleValue: "-Infinity" },
  ),
  fc
    .constantFrom("9".repeat(30), "-1", "1e3", "0x10", " 7", "", "9223372036854775808")
    .map((intValue) => ({ intValue })),
  fc.double().map((doubleValue) => ({ doubleValue })),
  fc.string({ unit: "binary" }).map((stringValue) => ({ stringValue })),
  fc.constantFrom("\ud800", "\u0000", "a\udfff", "x".repeat(100_000)).map((stringValue) => ({ stringValue })),
  fc.anything().map((bytesValue) => ({ bytesValue: printable(bytesValue) })),
  fc.nat(300).map((depth) => nestedLists(depth)),
);

/** What may be wrong with a span, as fields that replace its own. */
const hostileSpan: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.constantFrom("", "0".repeat(32), "zz".repeat(16), "ab", 7, null).map((traceId) => ({ traceId })),
  fc.constantFrom("", "0".repeat(16), "ABCDEF", {}, "f".repeat(40)).map((spanId) => ({ spanId })),
  fc
    .constantFrom<unknown>("0", "-1", "18446744073709551615", "9".repeat(40), "never", null, 1.5, "4102444800000000000")
    .map((startTimeUnixNano) => ({ startTimeUnixNano })),
  fc.constantFrom<unknown>(99, -1, "SPAN_KIND_CLIENT", null, {}).map((kind) => ({ kind })),
  fc.constantFrom<unknown>(null, 5, "\ud800", "\u0000').DROP TABLE otel_traces", []).map((name) => ({ name })),
  fc
    .constantFrom<unknown>(null, 5, {}, [null], [5], [{ key: 5 }], [{ value: {} }])
    .map((attributes) => ({ attributes })),
  fc.constantFrom<unknown>([{ timeUnixNano: "18446744073709551615" }], 7, [null]).map((events) => ({ events })),
  fc.constantFrom<unknown>([{ traceId: "zz", spanId: "1" }], {}, [null]).map((links) => ({ links })),
  fc.anything().map((status) => ({ status: printable(status) })),
);

/** What only a sloppy writer of JSON puts beside good parts. */
const hostilePart = fc.constantFrom<unknown>(
  null,
  5,
  [],
  {},
  { scopeSpans: null },
  { resource: 3 },
  { scopeSpans: [null] },
);

const structuredJson = fc
  .record({
    good: fc.nat(3),
    spans: fc.array(hostileSpan, { maxLength: 3 }),
    values: fc.array(hostileValue, { maxLength: 3 }),
    parts: fc.array(hostilePart, { maxLength: 2 }),
    packed: fc.boolean(),
  })
  .map(({ good, spans, values, parts, packed }) => (next: Numbers): HostileRequest => {
    const numbers = next(good);
    const bad = [
      ...spans.map((fields, index) => ({ ...call(next(1)[0] ?? index), ...fields })),
      ...values.map((value) => withValue(call(next(1)[0] ?? 0), value)),
    ];
    const text = JSON.stringify({
      resourceSpans: [...parts, resourceSpans([...numbers.map((each) => call(each)), ...bad])],
    });
    const body = Buffer.from(text);
    const headers = packed ? { ...json, ...gzip } : json;
    return { what: "structured JSON", body: packed ? gzipSync(body) : body, headers, good: numbers, wellFormed: false };
  });

const structuredProtobuf = fc
  .record({
    good: fc.nat(3),
    attributes: fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.anything({ withBigInt: false })), {
      maxLength: 3,
    }),
    ids: fc.array(fc.tuple(fc.constantFrom(0, 31, 32, 40), fc.constantFrom(0, 1e6, 4e9, 9.2e9)), { maxLength: 3 }),
  })
  .map(({ good, attributes, ids }) => (next: Numbers): HostileRequest => {
    const numbers = next(good);
    const spans = [
      ...numbers.map((each) => encodable(call(each))),
      ...attributes.map((extra) => ({ ...encodable(call(next(1)[0] ?? 0)), attributes: extra })),
      ...ids.map(([digits, seconds]) => ({
        ...encodable({ ...call(next(1)[0] ?? 0), traceId: "a".repeat(digits), spanId: "b".repeat(digits >> 1) }),
        startTime: [seconds, 0],
      })),
    ];
    // Ids of other lengths make the collector's decoder refuse the whole request, and say so.
    const wellFormed = ids.every(([digits]) => digits === 0 || digits === 32);
    return { what: "structured protobuf", body: serialized(spans), headers: protobuf, good: numbers, wellFormed };
  });

/** An honest request, some bytes of which were changed or cut off. */
const damaged = fc
  .record({
    inJson: fc.boolean(),
    edits: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    }),
    kept: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  .map(({ inJson, edits, kept }) => (next: Numbers): HostileRequest => {
    const calls = next(3).map((each) => call(each));
    const whole = inJson
      ? Buffer.from(JSON.stringify({ resourceSpans: [resourceSpans(calls)] }))
      : serialized(calls.map(encodable));
    const body = Buffer.from(whole.subarray(0, Math.ceil(kept * whole.length)));
    for (const [place, byte] of edits) body[Math.floor(place * body.length)] = byte;
    return { what: "damaged bytes", body, headers: inJson ? json : protobuf, good: [], wellFormed: false };
  });

const randomBytes = fc
  .tuple(fc.uint8Array({ maxLength: 2_000 }), fc.constantFrom(json, protobuf, { ...protobuf, ...gzip }))
  .map(([bytes, headers]) => (): HostileRequest => {
    return { what: "random bytes", body: Buffer.from(bytes), headers, good: [], wellFormed: false };
  });

const bombs = fc
  .constantFrom(
    { body: gzipSync(Buffer.alloc(100 * 2 ** 20)), headers: { ...protobuf, ...gzip } },
    { body: gzipSync(Buffer.from(`{"x":${"[".repeat(10 * 2 ** 20)}`)), headers: { ...json, ...gzip } },
    { body: gzipSync(Buffer.from(`[${"{},".repeat(2 ** 20)}{}]`)), headers: { ...json, ...gzip } },
    { body: gzipSync(Buffer.from("0a00".repeat(4 * 2 ** 20), "hex")), headers: { ...protobuf, ...gzip } },
  )
  .map((bomb) => (): HostileRequest => ({ what: "a bomb", ...bomb, good: [], wellFormed: false }));

/** Gives out numbers of calls that no other request has. */
export type Numbers = (count: number) => number[];

/** Requests of every kind, each made when it is told which numbers it may use. */
export const hostileRequests: fc.Arbitrary<(next: Numbers) => HostileRequest> = fc.oneof(
  { weight: 8, arbitrary: structuredJson },
  { weight: 8, arbitrary: structuredProtobuf },
  { weight: 6, arbitrary: damaged },
  { weight: 3, arbitrary: randomBytes },
  { weight: 1, arbitrary: bombs },
);

const resourceSpans = (spans: readonly object[]): object => ({
  resource: { attributes: [{ key: "service.name", value: { stringValue: "fuzz" } }] },
  scopeSpans: [{ scope: { name: "fuzz" }, spans }],
});

const withValue = (span: WireSpan, value: unknown): object => ({
  ...span,
  attributes: [...span.attributes, { key: "gen_ai.usage.output_tokens", value }, { key: "app.note", value }],
});

const nestedLists = (depth: number): unknown =>
  JSON.parse(`${'{"arrayValue":{"values":['.repeat(depth)}${"]}}".repeat(depth)}` || "{}") as unknown;

/** The same without what JSON has no words for. */
const printable = (value: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null") as unknown;
  } catch {
    return String(typeof value);
  }
};

/** A span as the official encoder takes it. */
const encodable = ({ traceId, spanId, name, startTimeUnixNano, attributes }: WireSpan): Record<string, unknown> => {
  const start = [Number(BigInt(startTimeUnixNano) / 1_000_000_000n), 0];
  const resource = { attributes: { "service.name": "fuzz" }, asyncAttributesPending: false };
  const values = attributes.map(({ key, value }): [string, unknown] => [
    key,
    "intValue" in value ? Number(value.intValue) : "stringValue" in value ? value.stringValue : [],
  ]);
  return {
    name,
    kind: 2,
    startTime: start,
    endTime: start,
    status: { code: 0 },
    events: [],
    links: [],
    resource,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    attributes: Object.fromEntries(values),
    instrumentationScope: { name: "fuzz" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
};

const serialized = (spans: readonly object[]): Buffer =>
  // Only what the serializer reads of a span is there.
  Buffer.from(ProtobufTraceSerializer.serializeRequest(spans as never) ?? new Uint8Array());
