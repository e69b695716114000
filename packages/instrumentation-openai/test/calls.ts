import { type CallUnderTest, type Exchange, type RecordedRequest, secret } from "@tokenledger/core/testing";
import type OpenAI from "openai";

/** Every call of the SDK that the suite makes. The last major's types stand for all. */
type Call = CallUnderTest<OpenAI>;

/** The method without its object. */
const createOf = ({ create }: { readonly create: unknown }): ((params: object) => unknown) =>
  create as (params: object) => unknown;

const event = (data: object, type?: string): string =>
  `${type === undefined ? "" : `event: ${type}\n`}data: ${JSON.stringify(data)}`;

const tokens = {
  prompt_tokens: 1200,
  completion_tokens: 300,
  total_tokens: 1500,
  prompt_tokens_details: { cached_tokens: 1024, cache_write_tokens: 64, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 128, accepted_prediction_tokens: 0, rejected_prediction_tokens: 7 },
};
const counted = {
  "gen_ai.usage.input_tokens": 1200,
  "gen_ai.usage.cache_read.input_tokens": 1024,
  "gen_ai.usage.cache_write.input_tokens": 64,
  "gen_ai.usage.audio.input_tokens": 0,
  "gen_ai.usage.output_tokens": 300,
  "gen_ai.usage.reasoning.output_tokens": 128,
  "tokenledger.usage.prediction.rejected.output_tokens": 7,
  "tokenledger.usage.scope": "call",
};

const completion = (choices: object[], more: object = {}): object => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-6-sol-2026-09-01",
  service_tier: "flex",
  choices,
  ...more,
});
const chatAnswer: Exchange = {
  body: completion(
    [
      {
        index: 0,
        message: { role: "assistant", content: `{"said":"${secret}"}`, refusal: null },
        finish_reason: "stop",
      },
    ],
    { usage: tokens },
  ),
};
const chatCounted = {
  ...counted,
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-6-sol",
  "gen_ai.response.model": "gpt-6-sol-2026-09-01",
  "gen_ai.response.id": "chatcmpl-1",
  "gen_ai.response.finish_reasons": ["stop"],
  "openai.api.type": "chat_completions",
  "tokenledger.service_tier": "flex",
  "server.address": "api.openai.com",
};
const chatParams = {
  model: "gpt-6-sol",
  messages: [
    { role: "system", content: `Be brief about ${secret}.` },
    { role: "user", content: [{ type: "text", text: secret }] },
  ],
};

const chunk = (delta: object, more: object = {}): object => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "gpt-6-sol-2026-09-01",
  service_tier: "flex",
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});

/** As OpenAI does: with usage in one more chunk, and `null` in all others, only where it is asked for. */
const streamOf = (chunks: readonly object[]): ((request: RecordedRequest) => Exchange) => {
  const reporting = [...chunks.map((one) => ({ ...one, usage: null })), { ...chunks[0], choices: [], usage: tokens }];
  return ({ body }) => {
    const { stream_options: options } = body as { stream_options?: { include_usage?: boolean } };
    const sent = options?.include_usage === true ? reporting : chunks;
    return { events: [...sent.map((one) => event(one)), "data: [DONE]"] };
  };
};

const chatStream = streamOf([
  chunk({ role: "assistant", content: "" }),
  chunk({ content: `{"said":` }),
  chunk({ content: `"${secret}"}` }),
  chunk({}, { finish_reason: "stop" }),
]);

const helpers = (client: OpenAI): OpenAI["chat"]["completions"] =>
  // Until openai 5 the helpers were on the beta resource.
  "parse" in client.chat.completions
    ? client.chat.completions
    : (client.beta as unknown as Pick<OpenAI, "chat">).chat.completions;

const chat: Call = {
  name: "chat completions",
  make: (client, params, options) => client.chat.completions.create(params as never, options),
  detached: (client) => createOf(client.chat.completions),
  params: chatParams,
  answer: chatAnswer,
  expected: chatCounted,
  stream: {
    params: { ...chatParams, stream: true },
    answer: chatStream,
    expected: chatCounted,
    error: event({ error: { message: "overloaded", type: "server_error", code: "overloaded" } }),
    odd: event({ ...chunk({}), choices: [{ index: 0, delta: { thought: "unheard of" }, finish_reason: null }] }),
  },
  helpers: [
    {
      name: "parse()",
      run: (client) => helpers(client).parse({ ...chatParams, response_format: { type: "json_object" } } as never),
      answers: [chatAnswer],
      expected: [chatCounted],
    },
    {
      name: "stream()",
      run: (client) =>
        helpers(client)
          .stream(chatParams as never)
          .finalChatCompletion(),
      answers: [chatStream],
      expected: [chatCounted],
    },
    {
      name: "stream() that the user asks for usage",
      run: (client) =>
        helpers(client)
          .stream({ ...chatParams, stream_options: { include_usage: true } } as never)
          .finalChatCompletion(),
      answers: [chatStream],
      expected: [chatCounted],
    },
  ],
};

const response = (status: string, more: object = {}): object => ({
  id: "resp_1",
  object: "response",
  created_at: 1,
  model: "gpt-6-sol-2026-09-01",
  status,
  service_tier: "auto",
  output: [],
  tools: [],
  usage: null,
  ...more,
});
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: `{"said":"${secret}"}`, annotations: [] }],
};
const answered = response("completed", {
  service_tier: "priority",
  output: [
    { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: secret } },
    message,
  ],
  usage: {
    input_tokens: 1200,
    input_tokens_details: {
      cached_tokens: 0,
      cache_write_tokens: 1100,
      cache_write_tokens_details: { ttl_30m_tokens: 1000, ttl_12h_tokens: 100 },
    },
    output_tokens: 300,
    output_tokens_details: { reasoning_tokens: 128 },
    total_tokens: 1500,
  },
});
const responseCounted = {
  "gen_ai.operation.name": "chat",
  "gen_ai.response.id": "resp_1",
  "gen_ai.response.finish_reasons": ["completed"],
  "gen_ai.usage.input_tokens": 1200,
  "gen_ai.usage.cache_read.input_tokens": 0,
  "gen_ai.usage.cache_write.input_tokens": 1100,
  "tokenledger.usage.cache_write.30m.input_tokens": 1000,
  "tokenledger.usage.cache_write.12h.input_tokens": 100,
  "gen_ai.usage.output_tokens": 300,
  "gen_ai.usage.reasoning.output_tokens": 128,
  "tokenledger.usage.web_search.requests": 1,
  "tokenledger.service_tier": "priority",
  "openai.api.type": "responses",
};
const responseParams = { model: "gpt-6-sol", instructions: `Mind the ${secret}.`, input: secret };
const typed = (type: string, data: object): string => event({ type, sequence_number: 0, ...data }, type);
const part = { item_id: "msg_1", output_index: 0, content_index: 0 };
const text = { type: "output_text", text: "", annotations: [] };
const responseStream: Exchange = {
  events: [
    typed("response.created", { response: response("in_progress") }),
    typed("response.output_item.added", { output_index: 0, item: { ...message, content: [] } }),
    typed("response.content_part.added", { ...part, part: text }),
    typed("response.output_text.delta", { ...part, delta: secret }),
    typed("response.completed", { response: answered }),
  ],
};

const responses: Call = {
  name: "responses",
  make: (client, params, options) => client.responses.create(params as never, options),
  detached: (client) => createOf(client.responses),
  params: responseParams,
  answer: { body: answered },
  expected: responseCounted,
  stream: {
    params: { ...responseParams, stream: true },
    answer: responseStream,
    expected: responseCounted,
    error: typed("error", { code: "server_error", message: "overloaded", param: null }),
    odd: typed("response.thought.delta", { delta: "unheard of" }),
  },
  helpers: [
    {
      name: "parse()",
      run: (client) => client.responses.parse(responseParams),
      answers: [{ body: answered }],
      expected: [responseCounted],
    },
    {
      name: "stream()",
      run: (client) => client.responses.stream(responseParams).finalResponse(),
      answers: [responseStream],
      expected: [responseCounted],
    },
  ],
};

const embeddings: Call = {
  name: "embeddings",
  make: (client, params, options) => client.embeddings.create(params as never, options),
  detached: (client) => createOf(client.embeddings),
  params: { model: "text-embedding-4", input: secret },
  answer: {
    body: {
      object: "list",
      model: "text-embedding-4",
      data: [{ object: "embedding", index: 0, embedding: "AACAPwAAAEA=" }],
      usage: { prompt_tokens: 9, total_tokens: 9 },
    },
  },
  expected: {
    "gen_ai.operation.name": "embeddings",
    "gen_ai.response.model": "text-embedding-4",
    "gen_ai.usage.input_tokens": 9,
    "gen_ai.usage.output_tokens": 0,
  },
};

const legacy = (finish: string | null, more: object = {}): object => ({
  id: "cmpl-1",
  object: "text_completion",
  created: 1,
  model: "davinci-003",
  choices: [{ index: 0, text: secret, finish_reason: finish, logprobs: null }],
  ...more,
});
const legacyCounted = { ...counted, "gen_ai.operation.name": "text_completion", "gen_ai.response.id": "cmpl-1" };

const completions: Call = {
  name: "legacy completions",
  make: (client, params, options) => client.completions.create(params as never, options),
  detached: (client) => createOf(client.completions),
  params: { model: "davinci-003", prompt: secret },
  answer: { body: legacy("stop", { usage: tokens }) },
  expected: { ...legacyCounted, "gen_ai.response.finish_reasons": ["stop"] },
  stream: {
    params: { model: "davinci-003", prompt: secret, stream: true },
    answer: streamOf([legacy(null), legacy("stop")]),
    expected: legacyCounted,
    error: event({ error: { message: "overloaded", type: "server_error" } }),
    odd: event({ ...legacy(null), surprise: true }),
  },
};

/** The calls of every major in its last version. */
export const calls: readonly Call[] = [chat, responses, embeddings, completions];

/** The calls of the first supported version, which has no responses and no `parse()`. */
export const firstCalls: readonly Call[] = [
  { ...chat, helpers: (chat.helpers ?? []).filter(({ name }) => name !== "parse()") },
  embeddings,
  completions,
];
