import { createRequire } from "node:module";
import { resolve } from "node:path";
import { setImmediate as microtasksDone } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  collectSpans,
  patchModule,
  type ReplayServer,
  type SpanCollector,
  startReplayServer,
} from "@tokenledger/core/testing";
import { openai } from "../src/index.ts";

const root = resolve(import.meta.dirname, "../../..");
const versions = [
  ["4.19", resolve(root, "test/versions/openai-4.19/package.json")],
  ["4", resolve(root, "test/versions/openai-4/package.json")],
  ["5", resolve(root, "test/versions/openai-5/package.json")],
  ["6", resolve(root, "test/versions/openai-6/package.json")],
  ["7", resolve(root, "package.json")],
] as const;

const answer = (message: object): { body: object } => ({
  body: {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-6-sol",
    choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  },
});
const asksForWeather = answer({
  tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
});
const speaks = answer({ content: "Rain." });

/** What the SDK's runner looks like to a program, in all versions. */
interface Runner {
  finalContent(): Promise<string | null>;
}
type RunTools = (params: object) => Runner;
interface Chat {
  readonly completions: { readonly runTools: RunTools };
}

let server: ReplayServer;
let collector: SpanCollector;

beforeAll(async () => {
  server = await startReplayServer();
  collector = collectSpans();
});
afterEach(() => collector.reset());
afterAll(async () => {
  await collector.stop();
  await server.stop();
});

describe.each(versions)("runTools of openai %s", (_, manifest) => {
  const module = patchModule(openai, createRequire(manifest)("openai"));
  module.patch();
  const { OpenAI } = module.exports() as unknown as typeof import("openai");

  const runTools: RunTools = (params) => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${server.url}/v1`, maxRetries: 0 });
    // The seam: four majors of one SDK, of which only the last has its types here.
    const { beta, chat } = client as unknown as { beta: { chat?: Chat }; chat: Chat };
    const { completions } = beta.chat ?? chat;
    return completions.runTools({ model: "gpt-6-sol", messages: [{ role: "user", content: "Weather?" }], ...params });
  };
  const weather = (callback: (...args: never[]) => unknown): object => ({
    type: "function",
    function: { name: "weather", description: "", parameters: {}, parse: JSON.parse, function: callback },
  });

  it("is an agent run around two billed calls and a tool", async () => {
    server.answer(asksForWeather, speaks);
    const tool = Object.freeze(weather(({ city }: { city: string }) => `rain in ${city}`));
    expect(await runTools({ tools: [tool] }).finalContent()).toBe("Rain.");
    expect(server.requests[1]?.body).toMatchObject({ messages: [{}, {}, { role: "tool", content: "rain in Oslo" }] });

    await microtasksDone();
    const spans = collector.spans();
    const run = spans.find(({ name }) => name === "invoke_agent runTools");
    expect(spans.map(({ name }) => name).toSorted()).toEqual([
      "chat gpt-6-sol",
      "chat gpt-6-sol",
      "execute_tool weather",
      "invoke_agent runTools",
    ]);
    for (const span of spans.filter((one) => one !== run)) {
      expect(span.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    }
    expect(collector.calls().map((attributes) => attributes["tokenledger.agent.path"])).toEqual([
      '["runTools"]',
      '["runTools"]',
    ]);
    const [first] = spans.filter(({ name }) => name.startsWith("chat"));
    expect(spans.find(({ name }) => name.startsWith("execute_tool"))?.attributes).toMatchObject({
      "gen_ai.tool.call.id": "call_1",
      "tokenledger.tool_call.origin_span_id": first?.spanContext().spanId,
    });
    expect(run?.attributes["gen_ai.usage.input_tokens"]).toBeUndefined();
  });

  it("calls a tool as a method of the object that the user made", async () => {
    server.answer(asksForWeather, speaks);
    const stateful = {
      name: "weather",
      description: "",
      parameters: {},
      calls: 0,
      function() {
        this.calls += 1;
        return "rain";
      },
    };
    await runTools({ tools: [{ type: "function", function: stateful }] }).finalContent();
    expect(stateful.calls).toBe(1);
  });

  it("fails with the user's own error, which it does not hide", async () => {
    server.answer(asksForWeather, speaks);
    const runner = runTools({
      tools: [
        weather(() => {
          throw new RangeError("no weather today");
        }),
      ],
    });
    await expect(runner.finalContent()).rejects.toThrow("no weather today");
    await microtasksDone();
    const outcomes = Object.fromEntries(
      collector.spans().map(({ name, attributes }) => [name, attributes["tokenledger.call.outcome"]]),
    );
    expect(outcomes).toEqual({
      "chat gpt-6-sol": "completed",
      "execute_tool weather": "failed",
      "invoke_agent runTools": "failed",
    });
  });

  it("leaves an error that nobody handles unhandled", async () => {
    server.answer({ status: 400, body: { error: { message: "no" } } });
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = new Promise<unknown>((settle) => process.once("unhandledRejection", settle));
    runTools({ tools: [weather(() => "rain")] });
    expect(await unhandled).toBeInstanceOf(OpenAI.BadRequestError);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });
});
