import { tokensOf, type Prompt } from "./prompt.ts";
import type { Answer, Failure, ProviderApi, ProviderName } from "./script.ts";
import type { TrueUsage } from "./usage.ts";

/** One API of one provider: how it reads a request and words its answers. */
export interface Dialect {
  readonly provider: ProviderName;
  readonly api: ProviderApi;
  /** @throws where the body is not JSON or lacks what the API demands; answered with a 400. */
  open(body: string): Exchange;
  failure(failure: Failure, requestId: string): unknown;
  /** The event that breaks a stream off. */
  failureEvent(): StreamEvent;
}

/** One request, understood. */
export interface Exchange {
  readonly body: unknown;
  readonly model: string;
  readonly stream: boolean;
  readonly prompt: Prompt;
  /** The tier that serves the call, unless the script says otherwise. */
  readonly serviceTier: string;
  /** What else separates prompt caches beside the model. */
  readonly cacheKey?: string;
  complete(reply: Reply): unknown;
  events(reply: Reply): StreamEvent[];
}

/** What the model answered and what it cost. */
export interface Reply {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: TrueUsage;
  readonly serviceTier: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

export interface StreamEvent {
  /** Name of the server-sent event, where the API names them. */
  readonly event?: string;
  readonly data: string;
  /** Output tokens generated once this event is out: what a stream left here is billed for. */
  readonly produced: number;
}

const PIECE = /[\s\S]{1,16}/g;

/** A text in pieces of four tokens, as a model streams it. */
export const piecesOf = (text: string): string[] => text.match(PIECE) ?? [];

export const toolCallsOf = (answer: Answer, suffix: string): ToolCall[] =>
  (answer.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `call_${suffix}_${index}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));

export const toolCallTokens = (call: ToolCall): number => tokensOf(call.name + call.arguments);
