import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedInput } from "./malformed.ts";
import { billedCall, decodeRows, jsonOf, protobufOf, readableSpan, type Row } from "./spans.fixture.ts";

const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
const varint = (value: number): Buffer =>
  Buffer.from(value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]);
const span = (...fields: Buffer[]): Buffer => field(1, field(2, field(2, Buffer.concat(fields))));
const text = (value: string): Buffer => Buffer.from(value);
const ids = Buffer.concat([
  field(1, Buffer.alloc(16, 1)),
  field(2, Buffer.alloc(8, 2)),
  Buffer.concat([Buffer.from([0x39]), Buffer.from(new BigUint64Array([1_763_777_000n * 1_000_000_000n]).buffer)]),
]);

/** Decodes, or reports that the whole body was refused; any other error is a crash. */
const attempt = (body: Buffer, format: "protobuf" | "json"): { rows: Row[]; rejected: string[] } | "refused" => {
  try {
    return decodeRows(body, format);
  } catch (error) {
    if (error instanceof MalformedInput) return "refused";
    throw error;
  }
};

/** Rows that the table would take for something else; reading a row back throws when its columns shifted. */
const faultyRows = (result: ReturnType<typeof attempt>): Row[] =>
  result === "refused"
    ? []
    : result.rows.filter(
        (row) =>
          !/^[0-9a-f]{32}$/.test(String(row.TraceId)) ||
          !/^[0-9a-f]{16}$/.test(String(row.SpanId)) ||
          !/^\d{10}\.\d{9}$/.test(String(row.Timestamp)) ||
          !/^\d+$/.test(String(row.Duration)),
      );

describe.each(["protobuf", "json"] as const)("a hostile %s body", (format) => {
  const encode = format === "json" ? jsonOf : protobufOf;

  test("of random bytes is refused or read, and never crashes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(faultyRows(attempt(Buffer.from(bytes), format))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test("with bytes changed yields no row that breaks out of its columns", () => {
    const body = encode([billedCall(), readableSpan({ name: 'a","b' })]);
    const edits = fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(edits, (changes) => {
        const changed = Buffer.from(body);
        for (const [index, byte] of changes) changed[index] = byte;
        expect(faultyRows(attempt(changed, format))).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test("cut anywhere is refused whole, or stands for fewer spans, each of them intact", () => {
    const made = Array.from({ length: 3 }, () => billedCall());
    const body = encode(made);
    const whole = decodeRows(body, format).rows.map((row) => JSON.stringify(row));
    for (let length = 0; length < body.length; length += 1) {
      const result = attempt(body.subarray(0, length), format);
      const rows = result === "refused" ? [] : result.rows.map((row) => JSON.stringify(row));
      expect(rows.filter((row) => !whole.includes(row))).toEqual([]);
    }
  });

  test("with attributes named like object internals leaves objects alone", () => {
    const names = ["__proto__", "constructor", "prototype", "__proto__.polluted", "toString"];
    const before = Object.getOwnPropertyNames(Object.prototype);
    const attributes = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const nested = Object.fromEntries([["__proto__", JSON.parse('{"__proto__":{"polluted":"yes"}}')]]);
    const { rows } = decodeRows(encode([readableSpan({ attributes, resourceAttributes: nested })]), format);
    expect(Object.entries(rows[0]?.SpanAttributes ?? {})).toEqual(Object.entries(attributes));
    expect(Object.entries(rows[0]?.ResourceAttributes ?? {})).toEqual([
      ["__proto__", '{"__proto__":{"polluted":"yes"}}'],
    ]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect("polluted" in {}).toBe(false);
  });
});

test("a span that cannot be read is set aside, and its neighbours are kept", () => {
  const torn = span(ids, Buffer.from([0x2a, 0x7f, 0x61]));
  const body = Buffer.concat([protobufOf([billedCall()]), torn, protobufOf([billedCall()])]);
  const { rows, rejected } = decodeRows(body, "protobuf");
  expect(rows).toHaveLength(2);
  expect(rejected).toEqual(["malformed"]);
});

test.each([
  ["a resource that is none", [{ resource: 5, scopeSpans: [] }]],
  ["a scope that is none", [{ scopeSpans: [{ scope: [], spans: [] }] }]],
  ["a list that is none", [{ scopeSpans: 7 }]],
  ["a number for a resource's spans", [5]],
  ["nothing for a span", [{ scopeSpans: [{ spans: [null] }] }]],
])("%s is set aside alone", (_what, bad) => {
  const request: { resourceSpans: unknown[] } = JSON.parse(jsonOf([billedCall()]).toString());
  const [good] = request.resourceSpans;
  const body = text(JSON.stringify({ resourceSpans: [good, ...bad, good] }));
  const { rows, rejected } = decodeRows(body, "json");
  expect([rows.length, rejected.length]).toEqual([2, 1]);
});

test("nothing for a resource's spans is no reason to refuse the others", () => {
  const request: { resourceSpans: unknown[] } = JSON.parse(jsonOf([billedCall()]).toString());
  const body = text(JSON.stringify({ resourceSpans: [null, ...request.resourceSpans, { scopeSpans: [null] }] }));
  expect(decodeRows(body, "json")).toMatchObject({ rows: [{}], rejected: [] });
});

test("a resource that cannot be read is set aside, and the spans of others are kept", () => {
  const torn = field(1, field(1, Buffer.from([0x0a, 0x7f, 0x61])));
  const body = Buffer.concat([protobufOf([billedCall()]), torn, protobufOf([billedCall()])]);
  const { rows, rejected } = decodeRows(body, "protobuf");
  expect([rows.length, rejected]).toEqual([2, ["malformed"]]);
});

test("a count beyond 64 bits keeps its digits, and its span", () => {
  const digits = "9".repeat(25);
  const json = jsonOf([readableSpan({ attributes: { count: 1 } })]).toString();
  for (const written of [`"${digits}"`, digits]) {
    const { rows } = decodeRows(text(json.replace(/"intValue":("?)1\1/, `"intValue":${written}`)), "json");
    expect(rows.map((row) => row.SpanAttributes)).toEqual([{ count: digits }]);
  }
});

test("fields of a later version are passed over", () => {
  const unknown = Buffer.concat([
    field(200, text("new")),
    Buffer.from([0xd8, 0x0c, 0x05]),
    Buffer.from([0xad, 0x06, 1, 2, 3, 4]),
  ]);
  const { rows } = decodeRows(span(ids, unknown, field(5, text("known"))), "protobuf");
  expect(rows.map((row) => row.SpanName)).toEqual(["known"]);
});

test("a resource written after its spans still belongs to them", () => {
  const attribute = field(1, Buffer.concat([field(1, text("service.name")), field(2, field(1, text("late")))]));
  const body = field(1, Buffer.concat([field(2, field(2, ids)), field(1, attribute)]));
  expect(decodeRows(body, "protobuf").rows.map((row) => row.ServiceName)).toEqual(["late"]);
});

test.each([
  ["a trace id of zeros", { traceId: "0".repeat(32) }, "trace_id"],
  ["a span id of zeros", { spanId: "0".repeat(16) }, "span_id"],
  ["a short trace id", { traceId: "abcd" }, "trace_id"],
  ["no start time", { startTime: [0, 0] as [number, number] }, "start_time"],
  ["a start time in the far future", { startTime: [9_000_000_000, 0] as [number, number] }, "start_time"],
])("a span with %s is set aside by name", (_what, parts, reason) => {
  for (const [body, format] of [
    [protobufOf([readableSpan(parts), billedCall()]), "protobuf"],
    [jsonOf([readableSpan(parts), billedCall()]), "json"],
  ] as const) {
    const { rows, rejected } = decodeRows(body, format);
    expect([rows.length, rejected]).toEqual([1, [reason]]);
  }
});

test("values nested without end are refused before they cost a stack", () => {
  let value = field(1, text("deep"));
  for (let depth = 0; depth < 3_000; depth += 1) value = field(5, field(1, value));
  const body = span(ids, field(9, Buffer.concat([field(1, text("key")), field(2, value)])));
  expect(decodeRows(body, "protobuf").rejected).toEqual(["malformed"]);
  const [before = "", after = ""] = jsonOf([readableSpan({ attributes: { deep: 77 } }), billedCall()])
    .toString()
    .split('"intValue":77');
  const lists = '"arrayValue":{"values":[{'.repeat(100) + "}]}".repeat(100);
  const deep = text(`${before}${lists}${after}`);
  expect(decodeRows(deep, "json")).toMatchObject({ rows: [{}], rejected: ["malformed"] });
  expect(() => decodeRows(text("[".repeat(5_000_000)), "json")).toThrow(MalformedInput);
  expect(() => decodeRows(text(`{"a":${'{"a":'.repeat(2_000)}1${"}".repeat(2_001)}`), "json")).toThrow(MalformedInput);
});

test("brackets inside text are not nesting", () => {
  const attributes = { text: `${'["{\\'.repeat(500)}"` };
  expect(decodeRows(jsonOf([readableSpan({ attributes })]), "json").rows[0]?.SpanAttributes).toEqual(attributes);
});

test("integers that senders write as bare numbers keep every digit", () => {
  const body = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: "A".repeat(32),
                spanId: "b".repeat(16),
                startTimeUnixNano: "START",
                attributes: [{ key: "count", value: { intValue: "BIG" } }],
              },
            ],
          },
        ],
      },
    ],
  };
  const json = JSON.stringify(body).replace('"START"', "1763777000123456789").replace('"BIG"', "9007199254740993");
  const [row] = decodeRows(text(json), "json").rows;
  expect(row).toMatchObject({
    TraceId: "a".repeat(32),
    Timestamp: "1763777000.123456789",
    SpanAttributes: { count: "9007199254740993" },
  });
});
