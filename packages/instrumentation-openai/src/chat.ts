import {
  defineOperation,
  type ClientFacts,
  type Operation,
  type RequestFacts,
  type ResponseFacts,
} from "@tokenledger/core";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { askForUsage } from "./ask.ts";
import { chatContent, spoken, spokenContent, type SpokenMessage } from "./chat-content.ts";
import { providerOf } from "./provider.ts";
import { completionUsage } from "./usage.ts";

/** Groq also reports the usage of a stream in a field of its own, and did so in no other before 2025. */
interface CompatibleChunk extends ChatCompletionChunk {
  readonly x_groq?: { readonly usage?: ChatCompletionChunk["usage"] };
}

/** Facts of a stream in progress, with one message a choice. */
interface ChatFacts extends ResponseFacts {
  messages?: SpokenMessage[];
}

type ChatArguments = [params: ChatCompletionCreateParams, ...rest: unknown[]];

export const chatCompletions: Operation = defineOperation<ChatArguments, ChatCompletion, CompatibleChunk, ChatFacts>({
  target: "OpenAI.Chat.Completions.prototype.create",
  name: "chat",
  request: ([params], client) => requestFacts(params, client),
  response: responseFacts,
  fold: foldChunk,
  ask: askForUsage,
});

function requestFacts(params: ChatCompletionCreateParams, client: ClientFacts): RequestFacts {
  return {
    provider: providerOf(client),
    openaiApiType: "chat_completions",
    model: params.model,
    stream: params.stream ?? undefined,
    maxTokens: params.max_completion_tokens ?? params.max_tokens ?? undefined,
    temperature: params.temperature ?? undefined,
    topP: params.top_p ?? undefined,
    seed: params.seed ?? undefined,
    choiceCount: params.n ?? undefined,
    frequencyPenalty: params.frequency_penalty ?? undefined,
    presencePenalty: params.presence_penalty ?? undefined,
    stopSequences: typeof params.stop === "string" ? [params.stop] : (params.stop ?? undefined),
    outputType: outputType(params),
    reasoningLevel: params.reasoning_effort ?? undefined,
    serviceTier: params.service_tier ?? undefined,
    toolResultIds: newToolResults(params.messages),
    content: () => chatContent(params),
  };
}

function outputType(params: ChatCompletionCreateParams): RequestFacts["outputType"] {
  if (params.modalities?.includes("audio")) return "speech";
  if (params.response_format === undefined) return undefined;
  return params.response_format.type === "text" ? "text" : "json";
}

/** Results since the model last spoke: the history repeats older ones in every turn. */
function newToolResults(messages: readonly ChatCompletionMessageParam[]): string[] | undefined {
  const ids: string[] = [];
  for (const message of messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1)) {
    if (message.role === "tool") ids.push(message.tool_call_id);
  }
  return ids.length > 0 ? ids : undefined;
}

function responseFacts(result: ChatCompletion): ResponseFacts {
  // Compatible servers leave out what a filter or an error took away.
  const choices = result.choices ?? [];
  const messages: SpokenMessage[] = [];
  const toolCalls: { id: string; name: string }[] = [];
  for (const { message } of choices) {
    if (!message) continue;
    const said = spoken(message);
    messages.push(said);
    for (const { id, name } of said.toolCalls) toolCalls.push({ id, name });
  }
  return {
    id: result.id,
    model: result.model,
    finishReasons: choices.map((choice) => choice.finish_reason),
    serviceTier: result.service_tier ?? undefined,
    usage: completionUsage(result.usage),
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
    content: () => spokenContent(messages),
  };
}

function foldChunk(facts: ChatFacts, chunk: CompatibleChunk): void {
  // Azure's first chunk has neither id nor model.
  facts.id ||= chunk.id;
  facts.model ||= chunk.model;
  facts.serviceTier ??= chunk.service_tier ?? undefined;
  for (const choice of chunk.choices ?? []) {
    if (choice.finish_reason) (facts.finishReasons ??= [])[choice.index] = choice.finish_reason;
    foldDelta(facts, choice);
  }
  const usage = chunk.usage ?? chunk.x_groq?.usage;
  if (usage) facts.usage = completionUsage(usage);
}

function foldDelta(facts: ChatFacts, { index, delta }: ChatCompletionChunk.Choice): void {
  const messages = (facts.messages ??= begin(facts));
  const message = (messages[index] ??= { text: "", toolCalls: [] });
  // Azure's filter adds choices without a delta.
  message.text += delta?.content ?? delta?.refusal ?? "";
  for (const part of delta?.tool_calls ?? []) foldToolCall(facts, message, part);
}

/** The first part of a tool call has its id and name, all have a piece of its arguments. */
function foldToolCall(facts: ChatFacts, message: SpokenMessage, part: ChatCompletionChunk.Choice.Delta.ToolCall): void {
  const { id, function: called } = part;
  const call = (message.toolCalls[part.index] ??= { id: id ?? "", name: called?.name ?? "", arguments: "" });
  call.arguments += called?.arguments ?? "";
  if (id && called?.name) (facts.toolCalls ??= []).push({ id, name: called.name });
}

function begin(facts: ChatFacts): SpokenMessage[] {
  const messages: SpokenMessage[] = [];
  facts.content = () => spokenContent(messages);
  return messages;
}
