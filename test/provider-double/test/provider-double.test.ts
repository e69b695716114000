import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { startProviderDouble, type ProviderDouble, type ProviderDoubleOptions } from "../src/index.ts";

let double: ProviderDouble;

async function start(options: ProviderDoubleOptions = {}): Promise<{ openai: OpenAI; anthropic: Anthropic }> {
  double = await startProviderDouble(options);
  return {
    openai: new OpenAI({ apiKey: "test", baseURL: double.openai }),
    anthropic: new Anthropic({ apiKey: "test", baseURL: double.anthropic }),
  };
}

afterEach(() => double.close());

const question = [{ role: "user" as const, content: "What is the price of tea?" }];

describe("OpenAI", () => {
  it("answers chat completions, plain and streamed, with the same usage", async () => {
    const { openai } = await start({ script: [{ answer: { text: "It is three pounds a pack.", reasoning: 40 } }] });
    const plain = await openai.chat.completions.create({ model: "gpt-5.4-mini", messages: question });
    const stream = await openai.chat.completions.create({
      model: "gpt-5.4-mini",
      messages: question,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe("It is three pounds a pack.");
    expect(plain.choices[0]?.message.content).toBe(text);
    expect(usage).toEqual(plain.usage);
    expect(usage).toMatchObject({ completion_tokens: 47, completion_tokens_details: { reasoning_tokens: 40 } });
    expect(double.bill()).toMatchObject([
      { responseId: plain.id, output: 47, reasoning: 40, stream: false, serviceTier: "default" },
      { output: 47, reasoning: 40, stream: true, outcome: "completed" },
    ]);
  });

  it("sends no usage in a chat stream that did not ask for it", async () => {
    const { openai } = await start();
    const stream = await openai.chat.completions.create({ model: "gpt-5.4", messages: question, stream: true });
    for await (const chunk of stream) expect(chunk.usage ?? undefined).toBeUndefined();
    expect(double.bill()).toHaveLength(1);
  });

  it("plays a tool loop through responses, and continues by previous_response_id", async () => {
    const { openai } = await start({
      script: [
        { afterTool: "look_up", answer: { text: "Three pounds." } },
        { answer: { toolCalls: [{ name: "look_up", arguments: { item: "tea" } }] } },
      ],
    });
    const first = await openai.responses.create({ model: "gpt-5.4", input: "Price of tea?" });
    const call = first.output[0];
    if (call?.type !== "function_call") throw new Error("expected a function call");
    const second = await openai.responses.create({
      model: "gpt-5.4",
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "3" }],
    });
    expect(second.output_text).toBe("Three pounds.");
    expect(second.usage?.input_tokens).toBeGreaterThan(first.usage?.input_tokens ?? 0);
  });

  it("continues from items that an input refers to", async () => {
    const { openai } = await start({
      script: [
        { afterTool: "look_up", answer: { text: "Three pounds." } },
        { answer: { toolCalls: [{ name: "look_up", arguments: {} }] } },
      ],
    });
    const { output } = await openai.responses.create({ model: "gpt-5.4", input: question });
    const call = output[0];
    if (call?.type !== "function_call" || !call.id) throw new Error("expected a function call with an id");
    const answer = await openai.responses.create({
      model: "gpt-5.4",
      input: [
        ...question,
        { type: "item_reference", id: call.id },
        { type: "function_call_output", call_id: call.call_id, output: "3" },
      ],
    });
    expect(answer.output_text).toBe("Three pounds.");
  });

  it("streams responses through the SDK's own accumulator", async () => {
    const { openai } = await start({
      script: [{ answer: { text: "A longer answer of several pieces.", reasoning: 8 } }],
    });
    const final = await openai.responses.stream({ model: "gpt-5.4", input: "Tell me" }).finalResponse();
    expect(final.output_text).toBe("A longer answer of several pieces.");
    expect(final.usage?.output_tokens_details.reasoning_tokens).toBe(8);
    expect(double.bill()[0]).toMatchObject({ responseId: final.id, output: final.usage?.output_tokens });
  });

  it("reads the second of two long prompts from its cache, in steps of 128", async () => {
    const { openai } = await start();
    const messages = [{ role: "system" as const, content: "Rules. ".repeat(800) }, ...question];
    const first = await openai.chat.completions.create({ model: "gpt-5.4", messages });
    const second = await openai.chat.completions.create({ model: "gpt-5.4", messages });
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBe(1408);
  });

  it("bills embeddings and legacy completions", async () => {
    const { openai } = await start();
    const vectors = await openai.embeddings.create({ model: "text-embedding-3-small", input: ["abcd", "efgh"] });
    expect(vectors.data[1]?.embedding).toHaveLength(8);
    const text = await openai.completions.create({ model: "gpt-3.5-turbo-instruct", prompt: "Say it" });
    expect(double.bill()).toMatchObject([
      { api: "embeddings", input: 2, output: 0 },
      { api: "completions", responseId: text.id, input: 2 },
    ]);
  });
});

describe("Anthropic", () => {
  it("streams thinking, text and tools, with the counts in message_delta", async () => {
    const { anthropic } = await start({
      script: [{ answer: { text: "Looking.", reasoning: 30, toolCalls: [{ name: "look_up", arguments: { a: 1 } }] } }],
    });
    const message = await anthropic.messages
      .stream({ model: "claude-haiku-4-5", max_tokens: 100, messages: question })
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(["thinking", "text", "tool_use"]);
    expect(message.stop_reason).toBe("tool_use");
    expect(message.usage.output_tokens_details?.thinking_tokens).toBe(30);
    expect(double.bill()[0]).toMatchObject({ output: message.usage.output_tokens, responseId: message.id });
  });

  it("counts tokens without billing them", async () => {
    const { anthropic } = await start();
    const count = await anthropic.messages.countTokens({ model: "claude-haiku-4-5", messages: question });
    expect(count.input_tokens).toBe(7);
    expect(double.bill()).toEqual([]);
  });
});

describe("other houses", () => {
  it("answers Mistral's paths, whose streams report usage unasked", async () => {
    await start();
    const post = (path: string, body: object): Promise<string> =>
      fetch(double.mistral + path, { method: "POST", body: JSON.stringify(body) }).then((answer) => answer.text());
    const messages = [{ role: "user", content: "Bonjour" }];
    const stream = await post("/v1/chat/completions", { model: "mistral-small-latest", messages, stream: true });
    expect(stream).toMatch(/"finish_reason":"stop"\}\],"usage":\{"prompt_tokens":3/);
    expect(stream).not.toContain('"usage":null');
    await post("/v1/agents/completions", { agent_id: "ag_1", messages });
    const conversation = JSON.parse(await post("/v1/conversations", { agent_id: "ag_1", inputs: "Bonjour" }));
    expect(conversation.outputs).toMatchObject([{ type: "message.output", agent_id: "ag_1", content: "Done." }]);
    expect(JSON.parse(await post("/v1/embeddings", { model: "mistral-embed", input: ["a"] })).id).toMatch(/^emb-/);
    expect(double.bill().map(({ provider, api, model }) => [provider, api, model])).toEqual([
      ["mistral_ai", "chat", "mistral-small-latest"],
      ["mistral_ai", "chat", "mistral-large-latest"],
      ["mistral_ai", "conversations", "mistral-large-latest"],
      ["mistral_ai", "embeddings", "mistral-embed"],
    ]);
  });

  it("bills Anthropic's models to the cloud that sells them", async () => {
    await start();
    const body = JSON.stringify({ max_tokens: 5, messages: question });
    const vertex = "/projects/p/locations/us-east5/publishers/anthropic/models/claude-haiku-4-5:rawPredict";
    const bedrock = "/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke";
    for (const url of [double.vertex + vertex, double.bedrock + bedrock]) {
      expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    }
    expect(double.bill()).toMatchObject([
      { provider: "gcp.vertex_ai", model: "claude-haiku-4-5", input: 7 },
      { provider: "aws.bedrock", model: "anthropic.claude-haiku-4-5-20251001-v1:0", input: 7 },
    ]);
  });
});

describe("failures", () => {
  it("answers 429 with a delay to honour, then succeeds on the retry, billed once", async () => {
    const { openai } = await start({
      script: [{ answer: [{ failure: { status: 429, retryAfterMs: 1 } }, { text: "Now." }] }],
    });
    const answer = await openai.chat.completions.create({ model: "gpt-5.4", messages: question });
    expect(answer.choices[0]?.message.content).toBe("Now.");
    expect(double.requests().map((request) => request.status)).toEqual([429, 200]);
    expect(double.bill()).toHaveLength(1);
  });

  it("gives each provider's own error types", async () => {
    const { openai, anthropic } = await start({ script: [{ answer: { failure: { status: 400, message: "No." } } }] });
    await expect(openai.responses.create({ model: "gpt-5.4", input: "x" })).rejects.toThrow(OpenAI.BadRequestError);
    const refused = anthropic.messages.create({ model: "claude-opus-4-6", max_tokens: 5, messages: question });
    await expect(refused).rejects.toThrow(Anthropic.BadRequestError);
    expect(double.bill()).toEqual([]);
  });

  it.each([
    { kind: "cut" as const, message: /terminated|network|closed/i },
    { kind: "error" as const, message: /failure|streaming/i },
  ])("breaks a stream off by $kind and bills what was generated", async ({ kind, message }) => {
    const text = "One two three four five six seven eight nine ten.";
    const { openai, anthropic } = await start({
      script: [{ answer: { text, interruption: { afterEvents: 3, kind } } }],
    });
    const read = async (stream: AsyncIterable<unknown>): Promise<void> => {
      for await (const _ of stream);
    };
    const chat = await openai.chat.completions.create({ model: "gpt-5.4", messages: question, stream: true });
    await expect(read(chat)).rejects.toThrow(message);
    const native = { model: "claude-opus-4-6", max_tokens: 50, messages: question, stream: true as const };
    await expect(read(await anthropic.messages.create(native))).rejects.toThrow(
      /terminated|network|closed|overloaded|failure/i,
    );
    expect(double.bill()).toMatchObject([
      { outcome: "failed", output: 8 },
      { outcome: "failed", output: 0 },
    ]);
  });

  it("bills an early break for what had been sent when the client hung up", async () => {
    const { openai } = await start({
      script: [{ answer: { text: "word ".repeat(100), interruption: { afterEvents: 5, kind: "wait" } } }],
    });
    const stream = await openai.chat.completions.create({ model: "gpt-5.4", messages: question, stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 5) break;
    await expect.poll(() => double.bill()).toMatchObject([{ outcome: "cancelled", output: 16 }]);
  });
});

describe("the bill", () => {
  it("is appended to a file, one line of JSON per billed call", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "double-")), "bill.jsonl");
    const { openai } = await start({ bill: file });
    const answer = await openai.chat.completions.create({ model: "gpt-5.4", messages: question });
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(double.bill());
    expect(double.bill()[0]?.responseId).toBe(answer.id);
  });

  it("is served by the double as a program, for tests in other processes", async () => {
    const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
    double = await startProviderDouble();
    const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = await once(createInterface(child.stdout), "line");
      const { url, openai: baseURL }: { url: string; openai: string } = JSON.parse(String(line));
      const openai = new OpenAI({ apiKey: "test", baseURL });
      const answer = await openai.chat.completions.create({ model: "gpt-5.4", messages: question });
      const bill = await fetch(`${url}/bill`).then((response) => response.json());
      expect(bill).toMatchObject([{ responseId: answer.id, model: "gpt-5.4" }]);
    } finally {
      child.kill();
    }
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
