import {
  defineOperation,
  type ClientFacts,
  type Operation,
  type RequestFacts,
  type ResponseFacts,
} from "@tokenledger/core";
import type {
  CompactedResponse,
  Response,
  ResponseCompactParams,
  ResponseCreateParams,
  ResponseOutputItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";
import type { InputTokenCountParams, InputTokenCountResponse } from "openai/resources/responses/input-tokens";
import { spokenContent } from "./chat-content.ts";
import { providerOf } from "./provider.ts";
import { inputItems, outputContent, promptContent } from "./responses-content.ts";
import { imageLines, responseUsage, toolFees } from "./usage.ts";

/** Facts of a stream in progress, with the text of one that may be interrupted. */
interface StreamFacts extends ResponseFacts {
  text?: string;
}

const create = (target: string): Operation =>
  defineOperation<[params: ResponseCreateParams, ...rest: unknown[]], Response, ResponseStreamEvent, StreamFacts>({
    target,
    name: "chat",
    request: ([params], client) => requestFacts(params, client),
    response: responseFacts,
    fold: foldEvent,
  });

/** Compaction runs the model over a conversation and bills it like a response. */
const compact = (target: string): Operation =>
  defineOperation<[params: ResponseCompactParams, ...rest: unknown[]], CompactedResponse>({
    target,
    name: "chat",
    request: ([params], client) => ({
      provider: providerOf(client),
      openaiApiType: "responses",
      model: params.model ?? undefined,
      serviceTier: params.service_tier ?? undefined,
      previousResponseId: params.previous_response_id ?? undefined,
    }),
    response: ({ id, usage }) => ({ id, usage: responseUsage(usage) }),
  });

const countTokens = (target: string): Operation =>
  defineOperation<[params?: InputTokenCountParams, ...rest: unknown[]], InputTokenCountResponse>({
    target,
    name: "count_tokens",
    billed: false,
    request: ([params], client) => ({ provider: providerOf(client), model: params?.model ?? undefined }),
    response: () => ({}),
  });

/** Since openai 6 the beta resource has classes of its own for the same calls. */
export const responses: readonly Operation[] = ["OpenAI.Responses", "OpenAI.Beta.Responses"].flatMap((resource) => [
  create(`${resource}.prototype.create`),
  compact(`${resource}.prototype.compact`),
  countTokens(`${resource}.InputTokens.prototype.count`),
]);

function requestFacts(params: ResponseCreateParams, client: ClientFacts): RequestFacts {
  const { conversation, text } = params;
  return {
    provider: providerOf(client),
    openaiApiType: "responses",
    model: params.model,
    stream: params.stream ?? undefined,
    maxTokens: params.max_output_tokens ?? undefined,
    temperature: params.temperature ?? undefined,
    topP: params.top_p ?? undefined,
    outputType: text?.format && (text.format.type === "text" ? "text" : "json"),
    reasoningLevel: params.reasoning?.effort ?? undefined,
    serviceTier: params.service_tier ?? undefined,
    conversationId: typeof conversation === "string" ? conversation : conversation?.id,
    previousResponseId: params.previous_response_id ?? undefined,
    toolResultIds: newToolResults(params),
    content: () => promptContent(params),
  };
}

/** Results since the model last spoke or thought: a history kept by the caller repeats older ones. */
function newToolResults(params: ResponseCreateParams): string[] | undefined {
  const items = inputItems(params);
  const spoke = items.findLastIndex(
    (item) => item.type === "reasoning" || ("role" in item && item.role === "assistant"),
  );
  const results = items
    .slice(spoke + 1)
    .flatMap((item) => (item.type?.endsWith("_output") && "call_id" in item ? item.call_id : []));
  const ids = results.filter((id) => typeof id === "string");
  return ids.length > 0 ? ids : undefined;
}

/** A queued or running background response has no usage yet: unknown, not zero. */
function responseFacts(result: Response): ResponseFacts {
  const toolCalls = (result.output ?? []).flatMap(toolCall);
  const tokens = responseUsage(result.usage);
  return {
    ...identity(result),
    finishReasons: result.status && [result.incomplete_details?.reason ?? result.status],
    pending: result.status === "queued" || result.status === "in_progress",
    failed: result.status === "failed" ? (result.error?.code ?? "failed") : undefined,
    serviceTier: result.service_tier ?? undefined,
    usage: tokens && { ...tokens, fees: toolFees(result), lines: imageLines(result) },
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
    content: () => outputContent(result.output),
  };
}

const identity = ({ id, model, conversation }: Response): ResponseFacts => ({
  id,
  model,
  conversationId: conversation?.id,
});

/** What the caller has to run: hosted tools carry no call id. */
function toolCall(item: ResponseOutputItem): { id: string; name: string }[] {
  if (!item.type.endsWith("_call") || !("call_id" in item) || typeof item.call_id !== "string") return [];
  return [{ id: item.call_id, name: "name" in item ? item.name : item.type.replace(/_call$/, "") }];
}

function foldEvent(facts: StreamFacts, event: ResponseStreamEvent): void {
  switch (event.type) {
    case "response.output_text.delta":
    case "response.function_call_arguments.delta":
      facts.text = (facts.text ?? "") + event.delta;
      break;
    case "response.created":
      // Its tier and status are what was asked for, not yet what served the call.
      Object.assign(facts, identity(event.response));
      facts.content = () => spokenContent([{ text: facts.text ?? "", toolCalls: [] }]);
      break;
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      Object.assign(facts, responseFacts(event.response));
      break;
    case "error":
      // The SDK hands it over like any other event.
      facts.failed = event.code ?? event.type;
  }
}
