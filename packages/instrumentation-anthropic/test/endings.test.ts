import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type Anthropic from "@anthropic-ai/sdk";
import { names } from "@tokenledger/core";
import { events, failure, json, message, startEndpoint, start, toolUse, type Endpoint } from "./endpoint.ts";
import { Application, requireSdk, versions } from "./sdks.ts";

const application = new Application();
const parameters = { model: "claude-sonnet-5", max_tokens: 64, messages: [{ role: "user" as const, content: "hi" }] };
const soon = { "retry-after-ms": "1" };
const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());
afterEach(() => application.forget());

/** Attributes of the one span that there is. */
const onlySpan = (): Readonly<Record<string, unknown>> => {
  const spans = application.take();
  expect(spans).toHaveLength(1);
  return spans[0]?.attributes ?? {};
};

describe.each(versions)("SDK %s", (version) => {
  const Client = requireSdk(version);
  // Without spans of the SDK's own; older versions do not know the option.
  const client = (options: object = {}): Anthropic =>
    new Client({ apiKey: "k", baseURL: endpoint.url, maxRetries: 0, openTelemetry: false, ...options });

  test("529 is an overload, whatever class of error the version makes of it", async () => {
    endpoint.next(failure(529, "overloaded_error"));
    await expect(client().messages.create(parameters)).rejects.toMatchObject({ status: 529 });
    expect(onlySpan()).toMatchObject({
      "error.type": "overloaded_error",
      "http.response.status_code": 529,
      [names.callOutcome]: "failed",
      [names.requestAttempts]: 1,
    });
  });

  test("attempts that fail before one succeeds are counted in the one span", async () => {
    endpoint.next(failure(529, "overloaded_error", soon), failure(429, "rate_limit_error", soon));
    await client({ maxRetries: 3 }).messages.create(parameters);
    expect(onlySpan()).toMatchObject({ [names.requestAttempts]: 3, [names.callOutcome]: "completed" });
  });

  test("an overload in mid-stream fails the call, with the input known and the output not", async () => {
    endpoint.next(events([start(), overloaded]));
    const read = async (): Promise<void> => {
      for await (const _ of await client().messages.create({ ...parameters, stream: true }));
    };
    await expect(read()).rejects.toThrow(/[Oo]verloaded/);
    const span = onlySpan();
    expect(span).toMatchObject({
      "error.type": "overloaded_error",
      "gen_ai.usage.input_tokens": 3210,
      [names.usageSource]: "partial",
      [names.callOutcome]: "failed",
    });
    expect(span["gen_ai.usage.output_tokens"]).toBeUndefined();
  });

  test.each(["break", "abort"])("a stream left by %s has no output but the input", async (how) => {
    endpoint.next(events([start()], false));
    const stream = await client().messages.create({ ...parameters, stream: true });
    for await (const _ of stream) {
      if (how === "break") break;
      stream.controller.abort();
    }
    const span = onlySpan();
    expect(span).toMatchObject({
      "gen_ai.usage.input_tokens": 3210,
      [names.usageSource]: "partial",
      [names.callOutcome]: "cancelled",
    });
    expect(span["gen_ai.usage.output_tokens"]).toBeUndefined();
  });

  test("a stream that ends before its last counts does not pass for a whole one", async () => {
    endpoint.next(events([start()]));
    for await (const _ of await client().messages.create({ ...parameters, stream: true }));
    const span = onlySpan();
    expect(span[names.usageSource]).toBe("partial");
    expect(span["gen_ai.usage.output_tokens"]).toBeUndefined();
  });

  test("a message without usage, as some compatible servers send, is counted and says that it was", async () => {
    endpoint.next(json(200, { id: "msg_1", type: "message", role: "assistant", model: "m", content: [] }));
    await client().messages.create(parameters);
    // Counted on another thread: the span ends when that is done.
    const span = await vi.waitFor(onlySpan, { timeout: 20_000 });
    expect(span).toMatchObject({ "gen_ai.response.id": "msg_1", [names.usageScope]: "call" });
    expect(span[names.usageSource]).toBe("estimated");
    expect(span["gen_ai.usage.input_tokens"]).toBeGreaterThan(0);
  });

  test("compactions and advisors are billed on lines of their own", async () => {
    const iteration = { cache_creation: null, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const usage = {
      input_tokens: 612,
      output_tokens: 2819,
      service_tier: "standard",
      iterations: [
        { ...iteration, type: "compaction", input_tokens: 60_385, output_tokens: 522 },
        { ...iteration, type: "advisor_message", model: "claude-opus-5", input_tokens: 20, output_tokens: 30 },
        { ...iteration, type: "message", input_tokens: 612, output_tokens: 2819 },
      ],
    };
    endpoint.next(message([{ type: "text", text: "hi" }], "end_turn", usage));
    const { id } = await client().beta.messages.create(parameters);
    const spans = application.take().map(({ attributes }) => attributes);
    expect(spans).toHaveLength(3);
    for (const span of spans) expect(span).toMatchObject({ [names.usageScope]: "call", "gen_ai.response.id": id });
    const line = (kind: string | undefined): unknown => spans.find((span) => span[names.usageLine] === kind);
    expect(line(undefined)).toMatchObject({ "gen_ai.usage.input_tokens": 612, "gen_ai.usage.output_tokens": 2819 });
    expect(line("compaction/0")).toMatchObject({
      "gen_ai.usage.input_tokens": 60_385,
      "gen_ai.usage.output_tokens": 522,
      "gen_ai.response.model": "claude-sonnet-5",
      [names.serviceTier]: "standard",
    });
    expect(line("advisor_message/0")).toMatchObject({
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.response.model": "claude-opus-5",
    });
  });

  test("counting tokens and creating a batch bill nothing", async () => {
    endpoint.next(json(200, { input_tokens: 14 }), json(200, { id: "msgbatch_1" }));
    await client().messages.countTokens(parameters);
    await client().messages.batches.create({ requests: [{ custom_id: "a", params: parameters }] });
    for (const { attributes } of application.take()) {
      expect(attributes[names.usageScope]).toBeUndefined();
      expect(Object.keys(attributes).filter((key) => key.includes("usage"))).toEqual([]);
    }
  });

  test("tools asked for and results given are joined by their ids", async () => {
    endpoint.next(toolUse("toolu_1", "lookup"));
    await client().messages.create(parameters);
    expect(onlySpan()[names.toolCallIds]).toBe('["toolu_1"]');
  });
});

test.each(["0.60", "0.68", "0.137"] as const)(
  "text completions of SDK %s are calls of unknown size",
  async (version) => {
    const anthropic = new (requireSdk(version))({ apiKey: "k", baseURL: endpoint.url, openTelemetry: false });
    endpoint.next(
      json(200, {
        id: "compl_1",
        type: "completion",
        model: "claude-2.1",
        completion: " hi",
        stop_reason: "stop_sequence",
      }),
    );
    // The newest SDK, which types these tests, has no completions.
    const { completions } = anthropic as unknown as { completions: { create(parameters: object): Promise<unknown> } };
    await completions.create({ model: "claude-2.1", max_tokens_to_sample: 8, prompt: "\n\nHuman: hi\n\nAssistant:" });
    expect(onlySpan()).toMatchObject({
      "gen_ai.operation.name": "text_completion",
      "gen_ai.request.max_tokens": 8,
      "gen_ai.response.finish_reasons": ["stop_sequence"],
      [names.usageScope]: "call",
    });
  },
);

describe("message threads of SDK 1.12", () => {
  const Client = requireSdk("1.12");
  const thread = (): ReturnType<Anthropic["beta"]["messages"]["thread"]> =>
    new Client({ apiKey: "k", baseURL: endpoint.url, maxRetries: 0 }).beta.messages.thread({
      model: "claude-sonnet-5",
      max_tokens: 64,
    });

  test("send() and stream() are one billed call each, and the second names the first", async () => {
    const conversation = thread();
    const first = await conversation.send({ role: "user", content: "hi" });
    await conversation.stream({ role: "user", content: "and?" }).finalMessage();
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual(["chat claude-sonnet-5", "chat claude-sonnet-5"]);
    for (const { attributes } of spans) {
      expect(attributes).toMatchObject({ "gen_ai.usage.input_tokens": 3210, "gen_ai.usage.output_tokens": 7 });
    }
    expect(spans[1]?.attributes["gen_ai.request.previous_response.id"]).toBe(first.id);
  });

  test.each([
    [
      "an error event",
      events([start(), overloaded]),
      { [names.callOutcome]: "failed", "error.type": "overloaded_error" },
    ],
    ["529", failure(529, "overloaded_error"), { [names.callOutcome]: "failed", "http.response.status_code": 529 }],
  ])("%s fails a streamed turn", async (_, answer, expected) => {
    endpoint.next(answer);
    await expect(thread().stream({ role: "user", content: "hi" }).finalMessage()).rejects.toThrow(/[Oo]verloaded/);
    expect(onlySpan()).toMatchObject(expected);
  });

  test("a streamed turn that is aborted was cancelled", async () => {
    endpoint.next(events([start()], false));
    const stream = thread().stream({ role: "user", content: "hi" });
    stream.on("streamEvent", () => stream.abort());
    await expect(stream.done()).rejects.toThrow(/aborted/);
    expect(onlySpan()).toMatchObject({ [names.callOutcome]: "cancelled", "gen_ai.usage.input_tokens": 3210 });
  });
});
