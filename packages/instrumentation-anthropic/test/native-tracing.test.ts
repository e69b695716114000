import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type Anthropic from "@anthropic-ai/sdk";
import { names } from "@tokenledger/core";
import { json, startEndpoint, toolUse, type Endpoint } from "./endpoint.ts";
import { Application, isBilled, nativeVersions, requireSdk } from "./sdks.ts";

const application = new Application();
const parameters = { model: "claude-sonnet-5", max_tokens: 64, messages: [{ role: "user" as const, content: "hi" }] };
const lookup = {
  name: "lookup",
  description: "Looks up",
  input_schema: { type: "object" as const },
  run: () => "42",
  parse: (input: unknown) => input,
};
const withTools = { ...parameters, tools: [lookup] };

type Call = (client: Anthropic, endpoint: Endpoint) => Promise<unknown>;

/** What makes one billed call; with the spans of the SDK's own that are kept. */
const calls: Readonly<Record<string, Call>> = {
  "messages.create": (client) => client.messages.create(parameters),
  "messages.create, streamed": async (client) => {
    for await (const _ of await client.messages.create({ ...parameters, stream: true }));
  },
  "messages.stream": (client) => client.messages.stream(parameters).finalMessage(),
  "messages.parse": (client) => client.messages.parse(parameters),
  "beta.messages.create": (client) => client.beta.messages.create(parameters),
  "beta.messages.create, streamed": async (client) => {
    for await (const _ of await client.beta.messages.create({ ...parameters, stream: true }));
  },
  "beta.messages.stream": (client) => client.beta.messages.stream(parameters).finalMessage(),
  "beta.messages.parse": (client) => client.beta.messages.parse(parameters),
};

describe.each(nativeVersions)("SDK %s, which traces itself,", (version) => {
  const Client = requireSdk(version);
  let endpoint: Endpoint;
  const client = (options: object = {}): Anthropic => new Client({ apiKey: "k", baseURL: endpoint.url, ...options });
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.close());
  afterEach(() => {
    delete process.env["ANTHROPIC_OPEN_TELEMETRY"];
    application.forget();
  });

  test.each(Object.entries(calls))("makes one billed span of %s, and it is ours", async (_, call) => {
    const anthropic = client();
    const tracer = Reflect.get(anthropic, "_tracer");
    await call(anthropic, endpoint);
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual(["chat claude-sonnet-5"]);
    expect(spans[0]?.attributes).toMatchObject({
      [names.usageScope]: "call",
      "gen_ai.usage.input_tokens": 3210,
      "gen_ai.usage.output_tokens": 7,
    });
    expect(tracer).toBeDefined();
    expect(Reflect.get(anthropic, "_tracer")).toBe(tracer);
  });

  test.each(Object.entries(calls))("makes one billed span of %s, and it is its own where asked", async (_, call) => {
    process.env["ANTHROPIC_OPEN_TELEMETRY"] = "true";
    await call(client(), endpoint);
    expect(application.take().map(({ name }) => name)).toEqual(["anthropic.messages.create"]);
  });

  test.each([
    ["a tracer provider", () => ({ openTelemetry: { tracerProvider: application.provider } })],
    ["content", () => ({ openTelemetry: { traces: { contentMode: "content" } } })],
  ])("is left to trace where its client is given %s", async (_, options) => {
    await client(options()).messages.create(parameters);
    expect(application.take().map(({ name }) => name)).toEqual(["anthropic.messages.create"]);
  });

  test.each([{ openTelemetry: false }, { openTelemetry: { traces: false } }])(
    "is observed in full where %o",
    async (options) => {
      const anthropic = client(options);
      endpoint.next(toolUse("toolu_1", "lookup"));
      await anthropic.beta.messages.toolRunner(withTools);
      await anthropic.messages.countTokens(parameters);
      expect(application.take().map(({ name }) => name)).toEqual([
        "chat claude-sonnet-5",
        "execute_tool lookup",
        "chat claude-sonnet-5",
        "invoke_agent toolRunner",
        "count_tokens claude-sonnet-5",
      ]);
    },
  );

  test.each([{ stream: false }, { stream: true }])("keeps its tool spans around our calls (%o)", async (options) => {
    endpoint.next(toolUse("toolu_1", "lookup"));
    const runner = client().beta.messages.toolRunner({ ...withTools, ...options });
    expect(application.take()).toEqual([]);
    await runner;
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual([
      "chat claude-sonnet-5",
      "anthropic.custom_tool_use lookup",
      "chat claude-sonnet-5",
      "anthropic.messages.tool_runner",
    ]);
    const around = spans.at(-1)?.spanContext().spanId;
    expect(spans.slice(0, -1).map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      around,
      around,
      around,
    ]);
    for (const span of spans.filter(isBilled)) {
      expect(span.attributes).toMatchObject({ "gen_ai.usage.output_tokens": 7, [names.callOutcome]: "completed" });
    }
  });

  test("keeps its spans of what nobody bills, one each", async () => {
    const anthropic = client();
    await anthropic.messages.countTokens(parameters);
    await anthropic.beta.messages.countTokens(parameters);
    endpoint.next(json(200, { id: "msgbatch_1" }));
    await anthropic.messages.batches.create({ requests: [{ custom_id: "a", params: parameters }] });
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual([
      "anthropic.messages.count_tokens",
      "anthropic.messages.count_tokens",
      "anthropic.messages.batches.create",
    ]);
    expect(spans.filter(isBilled)).toEqual([]);
  });

  test("gives its tracer back where the call itself fails", async () => {
    const anthropic = client();
    const tracer = Reflect.get(anthropic, "_tracer");
    // Refused before any request: the SDK throws in the middle of its method.
    const refused = { ...parameters, max_tokens: 1_000_000 };
    expect(() => anthropic.messages.create(refused)).toThrow(/[Ss]treaming/);
    expect(Reflect.get(anthropic, "_tracer")).toBe(tracer);
    expect(application.take().map(({ name }) => name)).toEqual(["chat claude-sonnet-5"]);
  });
});
