import { expect, test } from "vitest";
import type { BetaRawMessageStreamEvent } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { foldEvent, type StreamFacts } from "../src/stream.ts";

/** Events as they arrive: recorded streams leave out fields that the newest types promise. */
const folded = (...events: object[]): StreamFacts => {
  const facts: StreamFacts = {};
  for (const event of events) foldEvent(facts, event as BetaRawMessageStreamEvent);
  return facts;
};

const start = {
  type: "message_start",
  message: {
    id: "msg_1",
    model: "claude-sonnet-5",
    content: [],
    usage: {
      input_tokens: 2307,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 400,
      cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
      output_tokens: 1,
      output_tokens_details: { thinking_tokens: 0 },
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
      service_tier: "standard",
      inference_geo: "global",
    },
  },
};
const delta = (usage: object | undefined, stop_reason: string | null = "end_turn"): object => ({
  type: "message_delta",
  delta: { stop_reason },
  usage,
});

test("a stream cut before its last counts has a known input and an unknown output", () => {
  const facts = folded(start);
  expect(facts).toMatchObject({
    id: "msg_1",
    model: "claude-sonnet-5",
    serviceTier: "standard",
    inferenceGeo: "global",
  });
  expect(facts.usage?.input?.total).toBe(2737);
  expect(facts.usage?.output).toEqual({});
  expect(facts.usage?.fees).toBeUndefined();
  expect(facts.finishReasons).toBeUndefined();
});

test("counts of message_delta replace those of message_start, and null leaves them", () => {
  const facts = folded(
    start,
    delta({ output_tokens: 12, cache_read_input_tokens: null }, null),
    delta({ input_tokens: 7621, cache_creation_input_tokens: null, cache_read_input_tokens: 400, output_tokens: 384 }),
  );
  expect(facts.usage?.input).toEqual({
    total: 8051,
    cacheRead: 400,
    cacheWrite: 30,
    cacheWrite5m: 30,
    cacheWrite1h: 0,
  });
  expect(facts.usage?.output).toEqual({ total: 384 });
  expect(facts.finishReasons).toEqual(["end_turn"]);
  expect(facts.serviceTier).toBe("standard");
});

test("a delta without usage keeps what is known", () => {
  expect(folded(start, delta(undefined, "refusal"))).toMatchObject({
    finishReasons: ["refusal"],
    usage: { input: { total: 2737 }, output: {} },
  });
});

test("tools asked for are named with their ids; server tools are not the caller's to run", () => {
  const block = (index: number, content_block: object): object => ({
    type: "content_block_start",
    index,
    content_block,
  });
  const facts = folded(
    start,
    block(0, { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
    block(1, { type: "tool_use", id: "toolu_1", name: "lookup", input: {} }),
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"city":' } },
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '"Bern"}' } },
    { type: "content_block_stop", index: 1 },
    delta({ output_tokens: 9 }, "tool_use"),
    { type: "message_stop" },
  );
  expect(facts.toolCalls).toEqual([{ id: "toolu_1", name: "lookup" }]);
  expect(facts.content?.().outputMessages).toMatchObject([
    { role: "assistant", parts: [{}, { type: "tool_call", id: "toolu_1", arguments: '{"city":"Bern"}' }] },
  ]);
});

test("text and thinking are put together from their deltas", () => {
  const facts = folded(
    start,
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "hm" } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "x" } },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "a" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "b" } },
  );
  expect(facts.content?.().outputMessages).toEqual([
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "hm" },
        { type: "text", content: "ab" },
      ],
    },
  ]);
});

test("a fallback names the model that the message is billed to", () => {
  const fallback = { type: "fallback", from: { model: "claude-fable-5" }, to: { model: "claude-opus-4-8" } };
  const facts = folded(start, { type: "content_block_start", index: 0, content_block: fallback });
  expect(facts.model).toBe("claude-opus-4-8");
});
