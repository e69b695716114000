import { createRequire } from "node:module";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  collectSpans,
  patchModule,
  type ReplayServer,
  type SpanCollector,
  startReplayServer,
} from "@tokenledger/core/testing";
import type { AzureOpenAI } from "openai";
import { openai } from "../src/index.ts";

let server: ReplayServer;
let collector: SpanCollector;
const module = patchModule(openai, createRequire(import.meta.url)("openai"));

beforeAll(async () => {
  module.patch();
  server = await startReplayServer();
  collector = collectSpans();
});
afterEach(() => collector.reset());
afterAll(async () => {
  await collector.stop();
  await server.stop();
});

function client(apiVersion: string): AzureOpenAI {
  const { AzureOpenAI: Client } = module.exports() as unknown as typeof import("openai");
  return new Client({
    endpoint: "https://my-team.openai.azure.com",
    apiKey: "none",
    apiVersion,
    maxRetries: 0,
    fetch: (input, init) => fetch(server.url + new URL(input instanceof Request ? input.url : input).pathname, init),
  });
}

async function readStream(apiVersion: string): Promise<ReturnType<SpanCollector["calls"]>> {
  const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-6-sol" };
  const said = { ...chunk, choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] };
  const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 };
  server.answer(({ body }) => ({
    events: ("stream_options" in (body as object)
      ? [
          { ...said, usage: null },
          { ...chunk, choices: [], usage },
        ]
      : [said]
    ).map((one) => `data: ${JSON.stringify(one)}`),
  }));
  const stream = await client(apiVersion).chat.completions.create({ model: "gpt-6-sol", messages: [], stream: true });
  const chunks: unknown[] = [];
  for await (const one of stream) chunks.push(one);
  expect(chunks).toEqual([said]);
  // An estimate ends its span when it is made.
  await vi.waitFor(() => expect(collector.open()).toBe(0), 30_000);
  return collector.calls();
}

describe("a stream from Azure", () => {
  it("is asked for its usage where the API version takes the question", async () => {
    expect(await readStream("2025-04-01-preview")).toMatchObject([
      { "gen_ai.provider.name": "azure.ai.openai", "gen_ai.usage.input_tokens": 4, "gen_ai.usage.output_tokens": 2 },
    ]);
  });

  it("is left alone where an older API version would refuse it", async () => {
    const [call] = await readStream("2024-02-01");
    expect(server.requests[0]?.body).not.toHaveProperty("stream_options");
    expect(call).toMatchObject({ "gen_ai.provider.name": "azure.ai.openai", "tokenledger.call.outcome": "completed" });
    expect(call?.["tokenledger.usage.source"]).not.toBe("reported");
  });
});
