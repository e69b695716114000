import { piecesOf, toolCallTokens, type Dialect, type Exchange, type Reply, type StreamEvent } from "./dialect.ts";
import { openaiFailure, openaiFailureEvent, openaiTier, textOf } from "./openai-shared.ts";
import { lastTurns, tokensOf, type Prompt, type Turn } from "./prompt.ts";
import type { TrueUsage } from "./usage.ts";

interface ChatBody {
  model: string;
  messages: ChatMessage[];
  tools?: { function?: { name: string } }[];
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean } | null;
  service_tier?: string | null;
  prompt_cache_key?: string;
}

interface ChatMessage {
  role: string;
  content?: unknown;
  tool_calls?: { id: string; function: { name: string } }[];
  tool_call_id?: string;
}

/** `POST /v1/chat/completions`. */
export const chatCompletions: Dialect = {
  provider: "openai",
  api: "chat",
  failure: openaiFailure,
  failureEvent: openaiFailureEvent,
  open(text): Exchange {
    const body: ChatBody = JSON.parse(text);
    if (!body.model || !Array.isArray(body.messages)) throw new Error("'model' and 'messages' are required");
    return {
      body,
      model: body.model,
      stream: body.stream ?? false,
      prompt: promptOf(body),
      serviceTier: openaiTier(body.service_tier),
      ...(body.prompt_cache_key && { cacheKey: body.prompt_cache_key }),
      complete,
      events: (reply) => events(reply, body.stream_options?.include_usage ?? false),
    };
  },
};

function promptOf(body: ChatBody): Prompt {
  const tools = (body.tools ?? []).map((tool) => tool.function?.name ?? "");
  const system = body.messages.filter(isSystem).map((message) => textOf(message.content));
  const segments = body.messages.map((message) => ({
    text: message.role + textOf(message.content) + (message.tool_calls ? JSON.stringify(message.tool_calls) : ""),
  }));
  if (body.tools) segments.unshift({ text: JSON.stringify(body.tools) });
  return { segments, system: system.join("\n"), tools, ...lastTurns(turnsOf(body.messages)) };
}

const isSystem = (message: ChatMessage): boolean => message.role === "system" || message.role === "developer";

function turnsOf(messages: ChatMessage[]): Turn[] {
  const names = new Map(
    messages.flatMap((message) => (message.tool_calls ?? []).map((call) => [call.id, call.function.name])),
  );
  return messages
    .filter((message) => !isSystem(message))
    .map((message) => ({
      from: message.role === "tool" ? "tool" : message.role === "user" ? "user" : "model",
      text: textOf(message.content),
      tool: names.get(message.tool_call_id ?? ""),
    }));
}

/** Usage as chat completions word it: cached tokens are part of the prompt, reasoning of the completion. */
function usageOf(usage: TrueUsage): object {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const finishReason = (reply: Reply): string => (reply.toolCalls.length > 0 ? "tool_calls" : "stop");

function complete(reply: Reply): unknown {
  const toolCalls = reply.toolCalls.map(({ id, name, arguments: json }) => ({
    id,
    type: "function",
    function: { name, arguments: json },
  }));
  const message = { role: "assistant", content: reply.text || null, refusal: null, annotations: [] };
  return {
    ...head(reply, "chat.completion"),
    choices: [
      {
        index: 0,
        message: toolCalls.length > 0 ? { ...message, tool_calls: toolCalls } : message,
        logprobs: null,
        finish_reason: finishReason(reply),
      },
    ],
    usage: usageOf(reply.usage),
  };
}

const head = (reply: Reply, object: string): object => ({
  id: reply.id,
  object,
  created: reply.created,
  model: reply.model,
  service_tier: reply.serviceTier,
  system_fingerprint: null,
});

/** Usage comes last, in a chunk without choices, and only when it was asked for. */
function events(reply: Reply, includeUsage: boolean): StreamEvent[] {
  let produced = 0;
  const chunk = (choices: unknown[], tokens: number, usage: object | null = null): StreamEvent => {
    produced += tokens;
    const body = { ...head(reply, "chat.completion.chunk"), choices, ...(includeUsage && { usage }) };
    return { data: JSON.stringify(body), produced };
  };
  const delta = (value: object, tokens: number, finish: string | null = null): StreamEvent =>
    chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finish }], tokens);
  const calls = reply.toolCalls.flatMap((call, index) => {
    const { id, name } = call;
    return [
      delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }, 0),
      delta({ tool_calls: [{ index, function: { arguments: call.arguments } }] }, toolCallTokens(call)),
    ];
  });
  return [
    delta({ role: "assistant", content: "", refusal: null }, reply.usage.reasoning),
    ...piecesOf(reply.text).map((content) => delta({ content }, tokensOf(content))),
    ...calls,
    delta({}, 0, finishReason(reply)),
    ...(includeUsage ? [chunk([], 0, usageOf(reply.usage))] : []),
    { data: "[DONE]", produced: reply.usage.output },
  ];
}
