import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type Anthropic from "@anthropic-ai/sdk";
import { names, withAgent } from "@tokenledger/core";
import { message, startEndpoint, toolUse, type Endpoint } from "./endpoint.ts";
import { Application, requireSdk } from "./sdks.ts";

const application = new Application();
// 0.68 makes no spans; the newest is told not to, and runs its loop over message threads.
const sdks = [
  { version: "0.68", options: {} },
  { version: "1.12", options: { openTelemetry: false } },
] as const;

describe.each(sdks)("toolRunner() of SDK $version", ({ version, options }) => {
  const Client = requireSdk(version);
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.close());
  afterEach(() => application.forget());

  const runs: unknown[] = [];
  /** A tool with state of its own, which its `run` reaches through `this`. */
  class Lookup {
    readonly name = "lookup";
    readonly description = "Looks up";
    readonly input_schema = { type: "object" as const };
    readonly #answer = "42";
    run(input: unknown): string {
      runs.push(input);
      return this.#answer;
    }
    parse(input: unknown): unknown {
      return input;
    }
  }
  const lookup = new Lookup();
  const parameters = {
    model: "claude-sonnet-5",
    max_tokens: 64,
    messages: [{ role: "user" as const, content: "hi" }],
    tools: [lookup],
  };
  type Runner = ReturnType<Anthropic["beta"]["messages"]["toolRunner"]>;
  const runner = (more: object = {}): Runner =>
    new Client({ apiKey: "k", baseURL: endpoint.url, ...options }).beta.messages.toolRunner({ ...parameters, ...more });
  const spanNames = (): string[] => application.take().map(({ name }) => name);

  test("asks for nothing until it is read", async () => {
    const before = endpoint.received.length;
    const lazy = runner();
    await new Promise((resolve) => setImmediate(resolve));
    expect(endpoint.received).toHaveLength(before);
    await lazy;
    expect(endpoint.received).toHaveLength(before + 1);
  });

  test.each([{ stream: false }, { stream: true }])("is an agent run around its calls and tools (%o)", async (more) => {
    endpoint.next(toolUse("toolu_1", "lookup", { city: "Bern" }));
    const last = await runner(more);
    expect(last).toMatchObject({ stop_reason: "end_turn" });
    expect(runs.at(-1)).toEqual({ city: "Bern" });
    expect(endpoint.received.at(-1)?.body.messages?.at(-1)).toEqual({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "42" }],
    });
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual([
      "chat claude-sonnet-5",
      "execute_tool lookup",
      "chat claude-sonnet-5",
      "invoke_agent toolRunner",
    ]);
    const [asking, tool, answering, run] = spans.map(({ attributes }) => attributes);
    expect(run).toMatchObject({ [names.usageScope]: "aggregate", [names.callOutcome]: "completed" });
    expect(run?.["gen_ai.usage.input_tokens"]).toBeUndefined();
    expect(asking).toMatchObject({ [names.agentStep]: 1, [names.toolCallIds]: '["toolu_1"]' });
    expect(answering).toMatchObject({ [names.agentStep]: 2, [names.agentPath]: '["toolRunner"]' });
    expect(tool).toMatchObject({
      [names.toolCallId]: "toolu_1",
      [names.toolCallOriginSpanId]: spans[0]?.spanContext().spanId,
    });
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  test("joins the agent around it", async () => {
    await withAgent("clerk", async () => await runner());
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual(["chat claude-sonnet-5", "invoke_agent clerk"]);
    expect(spans[0]?.attributes[names.agentPath]).toBe('["clerk"]');
  });

  test("yields each message, and the loop can be left", async () => {
    endpoint.next(toolUse("toolu_1", "lookup"));
    for await (const yielded of runner()) {
      expect(yielded).toMatchObject({ stop_reason: "tool_use" });
      break;
    }
    const spans = application.take();
    expect(spans.map(({ name }) => name)).toEqual(["chat claude-sonnet-5", "invoke_agent toolRunner"]);
    expect(spans.at(-1)?.attributes[names.callOutcome]).toBe("cancelled");
  });

  test("runUntilDone(), done() and changed parameters work as without us", async () => {
    endpoint.next(toolUse("toolu_1", "lookup"), message());
    const loop = runner();
    expect(loop.params.model).toBe("claude-sonnet-5");
    expect(loop.params.tools).toHaveLength(1);
    loop.setMessagesParams((before) => ({ ...before, max_tokens: 99 }));
    const done = loop.done();
    expect(await loop.runUntilDone()).toMatchObject({ stop_reason: "end_turn" });
    expect(await done).toMatchObject({ stop_reason: "end_turn" });
    expect(endpoint.received.at(-1)?.body).toMatchObject({ max_tokens: 99 });
    expect(spanNames()).toContain("invoke_agent toolRunner");
  });

  test("a tool that throws is told to the model, and its span says so", async () => {
    endpoint.next(toolUse("toolu_1", "broken"));
    const broken = {
      name: "broken",
      description: "",
      input_schema: { type: "object" as const },
      parse: (input: unknown) => input,
      run: () => Promise.reject(new RangeError("out of reach")),
    };
    await runner({ tools: [broken] });
    expect(endpoint.received.at(-1)?.body.messages?.at(-1)).toMatchObject({
      content: [{ is_error: true, content: expect.stringContaining("out of reach") }],
    });
    const tool = application.take().find(({ name }) => name === "execute_tool broken");
    expect(tool?.attributes).toMatchObject({ "error.type": "RangeError", [names.callOutcome]: "failed" });
  });
});
