import { describe, expect, it } from "vitest";
import type { Operation, RequestFacts, ResponseFacts } from "@tokenledger/core";
import { openai } from "../src/index.ts";

const operation = (target: string): Operation => {
  const found = openai.operations.find((one) => one.target === target);
  if (!found) throw new Error(`the adapter has no ${target}`);
  return found;
};
const chat = operation("OpenAI.Chat.Completions.prototype.create");
const responses = operation("OpenAI.Responses.prototype.create");

const asked = (of: Operation, params: object): RequestFacts | undefined => of.request([params], {});
const answered = (of: Operation, result: object): ResponseFacts => of.response(result);
function streamed(of: Operation, ...chunks: object[]): ResponseFacts {
  const facts: ResponseFacts = {};
  for (const chunk of chunks) of.fold?.(facts, chunk);
  return facts;
}

describe("facts of chat completions", () => {
  const history = [
    { role: "user", content: "Compare the weather." },
    {
      role: "assistant",
      tool_calls: [{ id: "old", type: "function", function: { name: "weather", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "old", content: "rain" },
    { role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "weather", arguments: "{}" } }] },
    { role: "tool", tool_call_id: "a", content: "sun" },
    { role: "tool", tool_call_id: "b", content: "snow" },
    { role: "user", content: "And?" },
  ];

  it("name the tool results that are new since the model last spoke", () => {
    expect(asked(chat, { model: "m", messages: history })?.toolResultIds).toEqual(["a", "b"]);
    expect(asked(chat, { model: "m", messages: history.slice(0, 1) })?.toolResultIds).toBeUndefined();
  });

  it("hand over the prompt only when it is asked for", () => {
    const facts = asked(chat, {
      model: "m",
      messages: history.slice(0, 3),
      tools: [{ type: "function", function: { name: "weather" } }],
    });
    expect(facts?.content?.()).toEqual({
      inputMessages: [
        { role: "user", parts: [{ type: "text", content: "Compare the weather." }] },
        { role: "assistant", parts: [{ type: "tool_call", id: "old", name: "weather", arguments: "{}" }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "old", response: "rain" }] },
      ],
      toolDefinitions: [{ type: "function", name: "weather" }],
    });
  });

  it("gather tool calls and text from the pieces of a stream", () => {
    const piece = (delta: object, more: object = {}): object => ({
      id: "c",
      model: "m",
      choices: [{ index: 0, delta, ...more }],
    });
    const facts = streamed(
      chat,
      { id: "", model: "", choices: [], prompt_filter_results: [] },
      piece({ role: "assistant", content: "Let me " }),
      piece({ content: "look." }),
      piece({ tool_calls: [{ index: 0, id: "a", function: { name: "weather", arguments: "" } }] }),
      piece({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
      piece({ tool_calls: [{ index: 0, function: { arguments: '"Oslo"}' } }] }),
      { id: "c", model: "m", choices: [{ index: 0, content_filter_offsets: {} }] },
      piece({}, { finish_reason: "tool_calls" }),
    );
    expect(facts).toMatchObject({
      id: "c",
      model: "m",
      finishReasons: ["tool_calls"],
      toolCalls: [{ id: "a", name: "weather" }],
    });
    expect(facts.usage).toBeUndefined();
    expect(facts.content?.()).toEqual({
      outputMessages: [
        {
          role: "assistant",
          parts: [
            { type: "text", content: "Let me look." },
            { type: "tool_call", id: "a", name: "weather", arguments: '{"city":"Oslo"}' },
          ],
        },
      ],
    });
  });

  it("read the usage that Groq streams in a field of its own", () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 };
    expect(streamed(chat, { id: "c", model: "m", choices: [], x_groq: { usage } }).usage?.input?.total).toBe(4);
  });
});

describe("facts of responses", () => {
  it("name the conversation, the response before and the new tool results", () => {
    const input = [
      { type: "function_call_output", call_id: "old", output: "" },
      { role: "assistant", content: "Well." },
      { type: "function_call", call_id: "a", name: "weather", arguments: "{}" },
      { type: "function_call_output", call_id: "a", output: "rain" },
      { type: "custom_tool_call_output", call_id: "b", output: "sun" },
    ];
    const facts = asked(responses, { model: "m", conversation: { id: "conv" }, previous_response_id: "resp_0", input });
    expect(facts).toMatchObject({ conversationId: "conv", previousResponseId: "resp_0", toolResultIds: ["a", "b"] });
    expect(asked(responses, { model: "m", conversation: "conv", input: "Hi" })).toMatchObject({
      conversationId: "conv",
    });
  });

  it("name the tools that the caller has to run, not those that OpenAI ran", () => {
    const output = [
      { type: "function_call", call_id: "a", name: "weather", arguments: "{}" },
      { type: "computer_call", call_id: "b" },
      { type: "web_search_call", id: "ws" },
    ];
    expect(answered(responses, { id: "r", model: "m", output, status: "completed" }).toolCalls).toEqual([
      { id: "a", name: "weather" },
      { id: "b", name: "computer" },
    ]);
  });

  it("wait for a background response instead of counting it", () => {
    const facts = answered(responses, {
      id: "r",
      model: "m",
      status: "queued",
      background: true,
      output: [],
      usage: null,
    });
    expect(facts).toMatchObject({ id: "r", pending: true });
    expect(facts.usage).toBeUndefined();
  });

  it("tell a failure that comes with HTTP 200, and what it cost", () => {
    const failed = {
      id: "r",
      model: "m",
      status: "failed",
      error: { code: "server_error", message: "" },
      output: [],
      usage: { input_tokens: 8, output_tokens: 0, total_tokens: 8 },
    };
    const facts = streamed(responses, { type: "response.failed", response: failed });
    expect(facts).toMatchObject({ failed: "server_error", usage: { input: { total: 8 }, output: { total: 0 } } });
  });

  it("record no tier before the one that served the call is known", () => {
    const begun = {
      type: "response.created",
      response: { id: "r", model: "m", status: "in_progress", service_tier: "auto" },
    };
    const facts = streamed(
      responses,
      begun,
      { type: "response.output_text.delta", delta: "Hel" },
      { type: "response.output_text.delta", delta: "lo" },
    );
    expect(facts.id).toBe("r");
    expect(facts.serviceTier).toBeUndefined();
    expect(facts.finishReasons).toBeUndefined();
    expect(facts.content?.()).toEqual({
      outputMessages: [{ role: "assistant", parts: [{ type: "text", content: "Hello" }] }],
    });
  });
});

describe("calls that nobody is billed for", () => {
  it.each(["OpenAI.Responses.InputTokens.prototype.count", "OpenAI.Chat.Completions.prototype.runTools"])(
    "include %s",
    (target) => {
      expect(operation(target).billed).toBe(false);
    },
  );
});
