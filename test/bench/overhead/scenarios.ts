import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

/** One kind of call, against a fetch that answers at once from memory. */
export interface Scenario {
  /** Calls per round, so that a round takes about a fifth of a second. */
  readonly calls: number;
  /** Chunks per call, where the cost per chunk is what counts. */
  readonly chunks?: number;
  prepare(): () => Promise<unknown>;
}

const chunkCount = 200;
const body = (value: string, type: string) => (): Promise<Response> =>
  Promise.resolve(new Response(value, { headers: { "content-type": type } }));
const sse = (events: readonly { type?: string }[]): string =>
  events
    .map((event) => `${event.type === undefined ? "" : `event: ${event.type}\n`}data: ${JSON.stringify(event)}\n\n`)
    .join("");

const chatCompletion = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-5.4",
  service_tier: "default",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "hello" } }],
  usage: {
    prompt_tokens: 1000,
    completion_tokens: 200,
    total_tokens: 1200,
    prompt_tokens_details: { cached_tokens: 800 },
    completion_tokens_details: { reasoning_tokens: 150 },
  },
});
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-opus-4-6",
  content: [{ type: "text", text: "hello" }],
  stop_reason: "end_turn",
  usage: {
    input_tokens: 100,
    cache_creation_input_tokens: 300,
    cache_read_input_tokens: 600,
    cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
    output_tokens: 50,
    service_tier: "standard",
  },
};
const chatChunks = `${sse([
  ...Array.from({ length: chunkCount }, () => ({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    model: "gpt-5.4",
    choices: [{ index: 0, delta: { content: "word " }, finish_reason: null }],
  })),
  {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    model: "gpt-5.4",
    choices: [],
    usage: JSON.parse(chatCompletion).usage,
  },
] as never)}data: [DONE]\n\n`;
const messageChunks = sse([
  { type: "message_start", message: { ...message, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  ...Array.from({ length: chunkCount }, () => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "word " },
  })),
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 250 } },
  { type: "message_stop" },
] as never);

const openai = (value: string, type = "application/json"): OpenAI =>
  new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:9/v1", fetch: body(value, type) });
// The SDK's own tracing is off in every contestant: the floor has none, and ours holds it back.
const anthropic = (value: string, type = "application/json"): Anthropic =>
  new Anthropic({
    apiKey: "k",
    baseURL: "http://127.0.0.1:9",
    fetch: body(value, type),
    openTelemetry: false,
  } as never);

/** Forty messages of 2.5 KB of which the last is new at every call: an agent that re-reads its history. */
function longPrompt(): () => { role: "user"; content: string }[] {
  const history = Array.from({ length: 39 }, (_, index) => ({
    role: "user" as const,
    content: `${index} `.padEnd(2_560, "history "),
  }));
  let turn = 0;
  return () => [...history, { role: "user", content: `${(turn += 1)} `.padEnd(2_560, "new ") }];
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "OpenAI call": {
    calls: 3_000,
    prepare() {
      const client = openai(chatCompletion);
      return () => client.chat.completions.create({ model: "gpt-5.4", messages: [{ role: "user", content: "hi" }] });
    },
  },
  "Anthropic call": {
    calls: 3_000,
    prepare() {
      const client = anthropic(JSON.stringify(message));
      return () =>
        client.messages.create({
          model: "claude-opus-4-6",
          max_tokens: 100,
          messages: [{ role: "user", content: "hi" }],
        });
    },
  },
  "100 KB prompt of 40 messages, one new": {
    calls: 800,
    prepare() {
      const client = openai(chatCompletion);
      const messages = longPrompt();
      return () => client.chat.completions.create({ model: "gpt-5.4", messages: messages() });
    },
  },
  "OpenAI stream, per chunk": {
    calls: 100,
    chunks: chunkCount,
    prepare() {
      const client = openai(chatChunks, "text/event-stream");
      return async () => {
        for await (const _ of await client.chat.completions.create({
          model: "gpt-5.4",
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: "user", content: "hi" }],
        }));
      };
    },
  },
  "Anthropic stream, per chunk": {
    calls: 100,
    chunks: chunkCount,
    prepare() {
      const client = anthropic(messageChunks, "text/event-stream");
      return async () => {
        for await (const _ of await client.messages.create({
          model: "claude-opus-4-6",
          max_tokens: 100,
          stream: true,
          messages: [{ role: "user", content: "hi" }],
        }));
      };
    },
  },
};
