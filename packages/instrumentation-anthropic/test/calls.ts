import type Anthropic from "@anthropic-ai/sdk";
import { type CallUnderTest, type Exchange, type HelperUnderTest, secret } from "@tokenledger/core/testing";
import type { Version } from "./sdks.ts";

const counts = {
  input_tokens: 10,
  cache_creation_input_tokens: 200,
  cache_read_input_tokens: 3000,
  cache_creation: { ephemeral_5m_input_tokens: 150, ephemeral_1h_input_tokens: 50 },
};
const served = { service_tier: "priority", inference_geo: "us", speed: "fast" };
const message = {
  id: "msg_suite",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-20260601",
  content: [{ type: "text", text: `{"answer":"${secret}"}` }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: {
    ...counts,
    ...served,
    output_tokens: 70,
    output_tokens_details: { thinking_tokens: 60 },
    server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
  },
};
const expected = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-5",
  "gen_ai.response.model": "claude-sonnet-5-20260601",
  "gen_ai.response.id": "msg_suite",
  "gen_ai.usage.input_tokens": 3210,
  "gen_ai.usage.cache_read.input_tokens": 3000,
  "gen_ai.usage.cache_write.input_tokens": 200,
  "tokenledger.usage.cache_write.5m.input_tokens": 150,
  "tokenledger.usage.cache_write.1h.input_tokens": 50,
  "gen_ai.usage.output_tokens": 70,
  "gen_ai.usage.reasoning.output_tokens": 60,
  "tokenledger.usage.web_search.requests": 2,
  "tokenledger.usage.web_fetch.requests": 0,
  "tokenledger.service_tier": "priority",
  "tokenledger.inference_geo": "us",
  "tokenledger.speed": "fast",
  "gen_ai.response.finish_reasons": ["end_turn"],
};

const event = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}`;
const streamed: Exchange = {
  events: [
    event({
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { ...counts, ...served, output_tokens: 1 } },
    }),
    "event: ping\ndata: {}",
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: '{"answer":' } }),
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: `"${secret}"}` } }),
    event({ type: "content_block_stop", index: 0 }),
    event({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: {
        output_tokens: 70,
        output_tokens_details: { thinking_tokens: 60 },
        cache_read_input_tokens: null,
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
      },
    }),
    event({ type: "message_stop" }),
  ],
};

const params = {
  model: "claude-sonnet-5",
  max_tokens: 64,
  system: `be brief, ${secret}`,
  messages: [{ role: "user" as const, content: `hello ${secret}` }],
};

/** The two resources are alike as far as these tests go; typing them as one keeps their overloads apart. */
type Messages = Anthropic["messages"];
type Helper = HelperUnderTest<Anthropic>;

const call = (name: string, of: (client: Anthropic) => Messages, helpers: Helper[]): CallUnderTest<Anthropic> => ({
  name,
  // The suite makes calls that no type would allow.
  make: (client, parameters, options) => of(client).create(parameters as never, options as never),
  detached: (client) => Reflect.get(of(client), "create") as (parameters: object) => unknown,
  params,
  answer: { body: message },
  expected,
  stream: {
    params: { ...params, stream: true },
    answer: streamed,
    expected: { ...expected, "gen_ai.request.stream": true },
    error: event({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    odd: event({ type: "content_block_delta", index: 7, delta: { type: "novelty_delta", novelty: null } }),
  },
  helpers,
});

/** `messages.stream()` takes its stream from `withResponse()`, past the promise's own `then()`. */
const streamHelpers = (of: (client: Anthropic) => Messages): Helper[] => [
  {
    name: "stream() and finalMessage()",
    run: (client) => of(client).stream(params).finalMessage(),
    answers: [streamed],
    expected: [expected],
  },
  {
    name: "stream() listened to",
    run: async (client) => {
      const seen: unknown[] = [];
      const stream = of(client).stream(params);
      stream.on("text", (text) => seen.push(text));
      const { response } = await stream.withResponse();
      await stream.done();
      return { seen, status: response.status };
    },
    answers: [streamed],
    expected: [expected],
  },
  {
    name: "stream() aborted",
    run: async (client) => {
      const stream = of(client).stream(params);
      stream.on("text", () => stream.abort());
      return await stream.done().catch((error: unknown) => error);
    },
    answers: [{ events: streamed.events?.slice(0, 5) ?? [], ending: "hang" }],
    expected: [
      {
        "tokenledger.call.outcome": "cancelled",
        "tokenledger.usage.source": "partial",
        "gen_ai.usage.input_tokens": 3210,
      },
    ],
  },
];

const parseHelper = (of: (client: Anthropic) => Messages): Helper => ({
  name: "parse()",
  run: (client) => of(client).parse(params),
  answers: [{ body: message }],
  expected: [expected],
});

/** The calls of a version of the SDK, on both resources, with the helpers it has. */
export function callsOf(version: Version): CallUnderTest<Anthropic>[] {
  const helpers = (of: (client: Anthropic) => Messages): Helper[] =>
    version === "0.60" || version === "0.68" ? streamHelpers(of) : [...streamHelpers(of), parseHelper(of)];
  const stable = (client: Anthropic): Messages => client.messages;
  const beta = (client: Anthropic): Messages => client.beta.messages as unknown as Messages;
  return [call("messages", stable, helpers(stable)), call("beta messages", beta, helpers(beta))];
}
