import type Anthropic from "@anthropic-ai/sdk";
import type { FailureFacts, RequestFacts, ResponseFacts } from "@tokenledger/core";
import type {
  BetaMessage,
  BetaMessageParam,
  MessageCreateParams,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { requestContent, responseContent } from "./content.ts";
import { usageOf } from "./usage.ts";

/** Parameters of sampling, which SDK 1.0 dropped. */
interface Sampling {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
}

/** Arguments of `messages.create`; the beta shapes include those of the stable endpoint. */
export type CreateArguments = readonly [parameters: MessageCreateParams & Sampling, options?: Anthropic.RequestOptions];

export function requestFacts([parameters, options]: CreateArguments): RequestFacts {
  return {
    model: parameters.model,
    stream: parameters.stream,
    maxTokens: parameters.max_tokens,
    temperature: parameters.temperature,
    topP: parameters.top_p,
    topK: parameters.top_k,
    stopSequences: parameters.stop_sequences,
    outputType: (parameters.output_config?.format ?? parameters.output_format) ? "json" : undefined,
    reasoningLevel: parameters.output_config?.effort ?? undefined,
    serviceTier: parameters.service_tier,
    conversationId: options?.openTelemetry?.conversationId,
    previousResponseId: parameters.thread?.type === "continue" ? parameters.thread.previous_message_id : undefined,
    toolResultIds: toolResultIds(parameters.messages),
    content: () => requestContent(parameters),
  };
}

/** Results after the last answer are new with this request; earlier ones belong to earlier requests. */
function toolResultIds(messages: readonly BetaMessageParam[]): string[] | undefined {
  const added = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  const ids = added
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .flatMap((block) => (block.type === "tool_result" ? block.tool_use_id : []));
  return ids.length > 0 ? ids : undefined;
}

export function responseFacts(message: BetaMessage): ResponseFacts {
  return {
    id: message.id,
    model: message.model,
    finishReasons: message.stop_reason ? [message.stop_reason] : undefined,
    // Some compatible servers leave it out.
    ...(message.usage && usageOf(message.usage)),
    toolCalls: message.content.flatMap((block) =>
      block.type === "tool_use" ? { id: block.id, name: block.name } : [],
    ),
    content: () => responseContent(message.content),
  };
}

/**
 * The error as Anthropic names it (`overloaded_error`, `rate_limit_error`): alike in every version of
 * the SDK, and known in mid-stream, where there is no HTTP status.
 */
export function failureFacts(error: unknown): FailureFacts {
  const type = field(field(field(error, "error"), "error"), "type");
  return { type: typeof type === "string" ? type : undefined };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
