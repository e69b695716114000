import { expect, test } from "vitest";
import { usageOf, type ReportedUsage } from "../src/usage.ts";

const message = { type: "message", cache_creation: null, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
/** Iterations as they arrive: the API leaves out fields that the types promise. */
const iterations = (...entries: object[]): ReportedUsage => ({
  iterations: entries as NonNullable<ReportedUsage["iterations"]>,
});

test("the input total includes what was written to and read from the cache, once each", () => {
  const { usage } = usageOf({
    input_tokens: 10,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 3000,
    cache_creation: { ephemeral_5m_input_tokens: 150, ephemeral_1h_input_tokens: 50 },
    output_tokens: 7,
    output_tokens_details: { thinking_tokens: 5 },
  });
  expect(usage?.input).toEqual({
    total: 3210,
    cacheRead: 3000,
    cacheWrite: 200,
    cacheWrite5m: 150,
    cacheWrite1h: 50,
  });
  expect(usage?.output).toEqual({ total: 7, reasoning: 5 });
});

test("what is absent or null is unknown, and zero is zero", () => {
  const { usage, ...served } = usageOf({ input_tokens: 9, cache_read_input_tokens: null, output_tokens: 0 });
  expect(usage?.input).toEqual({ total: 9 });
  expect(usage?.output).toEqual({ total: 0 });
  expect(usage?.fees).toBeUndefined();
  expect(usage?.lines).toBeUndefined();
  expect(served).toEqual({});
  expect(usageOf({ cache_read_input_tokens: 5 }).usage?.input?.total).toBeUndefined();
});

test("writes without a split have no time to live", () => {
  const { usage } = usageOf({ input_tokens: 1, cache_creation_input_tokens: 40 });
  expect(usage?.input).toEqual({ total: 41, cacheWrite: 40 });
});

test("tier, speed, geography and server tools are said as Anthropic spells them", () => {
  expect(
    usageOf({
      service_tier: "priority",
      speed: "fast",
      inference_geo: "us",
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
    }),
  ).toMatchObject({
    serviceTier: "priority",
    speed: "fast",
    inferenceGeo: "us",
    usage: { fees: { webSearches: 2, webFetches: 0 } },
  });
});

test("a compaction is a line of its own, beside the top-level counts", () => {
  const { usage } = usageOf({
    input_tokens: 612,
    output_tokens: 2819,
    ...iterations(
      { ...message, type: "compaction", input_tokens: 60_385, output_tokens: 522 },
      { ...message, input_tokens: 612, output_tokens: 2819 },
    ),
  });
  expect(usage?.input?.total).toBe(612);
  expect(usage?.lines).toMatchObject([
    { kind: "compaction", usage: { input: { total: 60_385 }, output: { total: 522 } } },
  ]);
  expect(usage?.lines?.[0]?.model).toBeUndefined();
});

test("an advisor is a line of its own model", () => {
  const { usage } = usageOf({
    input_tokens: 2482,
    output_tokens: 166,
    ...iterations(
      { ...message, input_tokens: 1128, output_tokens: 155 },
      {
        ...message,
        type: "advisor_message",
        model: "claude-fable-5",
        input_tokens: 2564,
        cache_creation_input_tokens: 100,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 },
        cache_read_input_tokens: 30,
        output_tokens: 99,
      },
      { ...message, input_tokens: 1354, output_tokens: 11 },
    ),
  });
  expect(usage?.lines).toEqual([
    {
      kind: "advisor_message",
      model: "claude-fable-5",
      usage: {
        input: { total: 2694, cacheRead: 30, cacheWrite: 100, cacheWrite5m: 0, cacheWrite1h: 100 },
        output: { total: 99 },
      },
    },
  ]);
});

test("an attempt declined in mid-answer is billed to its own model, beside the fallback that served the call", () => {
  const { usage } = usageOf({
    input_tokens: 2,
    cache_read_input_tokens: 79_214,
    output_tokens: 13_658,
    ...iterations(
      { ...message, model: "claude-fable-5", input_tokens: 2, cache_read_input_tokens: 72_769, output_tokens: 578 },
      {
        ...message,
        type: "fallback_message",
        model: "claude-opus-4-8",
        input_tokens: 2,
        cache_read_input_tokens: 79_214,
        output_tokens: 13_658,
      },
    ),
  });
  expect(usage?.lines).toMatchObject([
    { kind: "declined_message", model: "claude-fable-5", usage: { input: { total: 72_771 }, output: { total: 578 } } },
  ]);
});

test("an attempt declined before any output is not billed", () => {
  const { usage } = usageOf(
    iterations(
      { ...message, model: "claude-fable-5", input_tokens: 412, output_tokens: 0 },
      { ...message, type: "fallback_message", model: "claude-opus-4-8", input_tokens: 412, output_tokens: 264 },
    ),
  );
  expect(usage?.lines).toBeUndefined();
});

test("earlier turns of the model that served the call are in the top level already", () => {
  const { usage } = usageOf(
    iterations(
      { ...message, model: "claude-opus-4-8", input_tokens: 5, output_tokens: 6 },
      { ...message, type: "fallback_message", model: "claude-opus-4-8", input_tokens: 7, output_tokens: 8 },
    ),
  );
  expect(usage?.lines).toBeUndefined();
});

test("iterations hold the split of writes that came after the first event of a stream", () => {
  const { usage } = usageOf({
    input_tokens: 6,
    cache_creation_input_tokens: 3337,
    cache_creation: { ephemeral_5m_input_tokens: 3068, ephemeral_1h_input_tokens: 0 },
    ...iterations(
      { ...message, cache_creation: { ephemeral_5m_input_tokens: 3068, ephemeral_1h_input_tokens: 0 } },
      { ...message, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 269 } },
    ),
  });
  expect(usage?.input).toMatchObject({ cacheWrite: 3337, cacheWrite5m: 3068, cacheWrite1h: 269 });
});

test("a split that covers only a part leaves the rest without a time to live", () => {
  const { usage } = usageOf({
    cache_creation_input_tokens: 3337,
    cache_creation: { ephemeral_5m_input_tokens: 3068, ephemeral_1h_input_tokens: 0 },
  });
  expect(usage?.input).toMatchObject({ cacheWrite: 3337, cacheWrite5m: 3068, cacheWrite1h: 0 });
});
