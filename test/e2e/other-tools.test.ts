import { beforeAll, describe, expect, test } from "vitest";
import { heldRequests, makeHome, type HeldSpan } from "./accounts.ts";
import { runSample, type SampleRun } from "./sample.ts";
import { needs, type Need } from "./tool-expectations.ts";

/** The sample program's spans as they leave the process, and the resources they belong to. */
let spans: readonly HeldSpan[];
let services: readonly (string | undefined)[];
let run: SampleRun;
beforeAll(async () => {
  // Nothing listens: every span is held as the request it would have been.
  const home = makeHome({ url: "http://127.0.0.1:9", token: "unused" });
  run = await runSample("ES modules", home);
  const resources = heldRequests(home).flatMap(({ resourceSpans }) => resourceSpans);
  spans = resources.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  services = resources.map(({ resource }) => textOf(resource.attributes, "service.name"));
});

const valueOf = (attributes: HeldSpan["attributes"], name: string) => attributes.find(({ key }) => key === name)?.value;
const textOf = (attributes: HeldSpan["attributes"], name: string) => valueOf(attributes, name)?.stringValue;
const countOf = (span: HeldSpan, name: string): number => Number(valueOf(span.attributes, name)?.intValue ?? 0);

const operations: Record<Need["on"], RegExp> = {
  call: /^(?:chat|embeddings|text_completion|generate_content)$/,
  agent: /^invoke_agent$/,
  tool: /^execute_tool$/,
};

function spansOf(on: Need["on"]): HeldSpan[] {
  return spans.filter(
    ({ attributes }) =>
      operations[on].test(textOf(attributes, "gen_ai.operation.name") ?? "") &&
      (on !== "call" || textOf(attributes, "tokenledger.usage.scope") === "call"),
  );
}

describe("what other tools read is on the sample program's spans, in the type they read", () => {
  test.each(needs)("$tool: $purpose of every $on", ({ on, anyOf, type, where }) => {
    const concerned = spansOf(on).filter(
      ({ attributes }) => where === undefined || valueOf(attributes, where) !== undefined,
    );
    expect(concerned.length).toBeGreaterThan(0);
    const missing = concerned.filter(({ attributes }) => {
      const found = anyOf.map((name) => valueOf(attributes, name)).find((value) => value !== undefined);
      return found?.[type] === undefined;
    });
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

test("tools that add up the usage of every span come to what the providers billed", () => {
  const answered = run.bill.filter(({ outcome }) => outcome === "completed");
  const counted = spans.filter(({ attributes }) => textOf(attributes, "tokenledger.call.outcome") === "completed");
  const sum = (name: string): number => counted.reduce((total, span) => total + countOf(span, name), 0);
  const billed = (count: (line: (typeof answered)[number]) => number): number =>
    answered.reduce((total, line) => total + count(line), 0);
  expect({
    input: sum("gen_ai.usage.input_tokens"),
    cacheRead: sum("gen_ai.usage.cache_read.input_tokens"),
    cacheWrite: sum("gen_ai.usage.cache_creation.input_tokens"),
    output: sum("gen_ai.usage.output_tokens"),
  }).toEqual({
    input: billed(({ input }) => input),
    cacheRead: billed(({ cacheRead }) => cacheRead),
    cacheWrite: billed(({ cacheWrite5m, cacheWrite1h }) => cacheWrite5m + cacheWrite1h),
    output: billed(({ output }) => output),
  });
  const elsewhere = spans.filter(
    (span) => !spansOf("call").includes(span) && countOf(span, "gen_ai.usage.input_tokens") > 0,
  );
  expect(elsewhere.map(({ name }) => name)).toEqual([]);
});

test("the rest of the input, cache taken out, is never negative: tools price it as the text that was new", () => {
  for (const span of spansOf("call")) {
    const cached = ["cache_read", "cache_creation"].map((name) => countOf(span, `gen_ai.usage.${name}.input_tokens`));
    expect(countOf(span, "gen_ai.usage.input_tokens")).toBeGreaterThanOrEqual(cached.reduce((a, b) => a + b, 0));
  }
});

describe("Jaeger draws the traces: it takes OTLP as it is", () => {
  test("every resource names its service, and ids are hexadecimal and not zero", () => {
    expect(services).not.toContain(undefined);
    for (const { traceId, spanId } of spans) {
      expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
      expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
    }
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  test("every parent is a span of the same trace, and no span ends before it starts", () => {
    const traces = new Map(spans.map(({ spanId, traceId }) => [spanId, traceId]));
    const children = spans.filter(({ parentSpanId }) => parentSpanId !== undefined);
    expect(children.length).toBeGreaterThan(0);
    for (const { parentSpanId = "", traceId } of children) expect(traces.get(parentSpanId)).toBe(traceId);
    const backwards = spans.filter((span) => BigInt(span.endTimeUnixNano) < BigInt(span.startTimeUnixNano));
    expect(backwards).toEqual([]);
  });

  test("calls to providers are clients', and a failed one is an error with its type", () => {
    expect(spansOf("call").every(({ kind }) => kind === clientKind)).toBe(true);
    const failed = spans.filter(({ attributes }) => textOf(attributes, "tokenledger.call.outcome") === "failed");
    expect(failed.length).toBeGreaterThan(0);
    for (const { status, attributes } of failed) {
      expect(status?.code).toBe(errorStatus);
      expect(textOf(attributes, "error.type")).toBeTruthy();
    }
  });
});

const clientKind = 3;
const errorStatus = 2;
