import type { Attributes } from "@opentelemetry/api";
import type { Answer, Exchange, ReplayServer } from "./replay-server.ts";
import type { SpanCollector } from "./span-collector.ts";

/** One way of calling a model, as the adapter's test describes it to the suite. */
export interface CallUnderTest<Client = never> {
  /** `chat completions`, `messages`, … */
  readonly name: string;
  /** Makes the call and returns what the SDK returns, not awaited. */
  make(client: Client, params: object, options?: object): unknown;
  /** The method without its object, for the detached call; left out where it cannot be detached. */
  readonly detached?: (client: Client) => (params: object) => unknown;
  /** Parameters of a plain call. Any text in them must contain {@link secret}. */
  readonly params: object;
  /** What the provider answers to it. */
  readonly answer: Exchange;
  /** Attributes that the span of the plain call must have. */
  readonly expected: Attributes;
  /** The same for a streamed call, where the method streams. */
  readonly stream?: {
    readonly params: object;
    readonly answer: Answer;
    readonly expected: Attributes;
    /** An SSE event by which the provider reports an error in mid-stream. */
    readonly error: string;
    /** An SSE event that the SDK passes on and the adapter has never seen. */
    readonly odd: string;
  };
  /** Helpers of the SDK that make this call on the user's behalf. */
  readonly helpers?: readonly HelperUnderTest<Client>[];
}

/** A helper such as `parse()` or `stream()`: same result as without us, and one span per HTTP call. */
export interface HelperUnderTest<Client = never> {
  readonly name: string;
  /** Runs it to its end and returns what the program sees. */
  run(client: Client): unknown;
  readonly answers: readonly Answer[];
  /** Attributes of the billed spans, in the order they ended. */
  readonly expected: readonly Attributes[];
}

/** Planted in prompts and answers; must never be found in an exported span. */
export const secret = "planted-secret-7f3a";

/** What a scenario has at hand. */
export interface Bench<Client> {
  readonly server: ReplayServer;
  readonly collector: SpanCollector;
  readonly call: CallUnderTest<Client>;
  readonly client: (options?: { maxRetries?: number }) => Client;
}

/** One situation: run without and with instrumentation, it must look the same to the program. */
export interface Scenario {
  readonly name: string;
  /** Needs a method that streams. */
  readonly streams?: true;
  /** Needs a method that can be called without its object. */
  readonly detached?: true;
  /** Needs the lazy promise and the stream object of a Stainless SDK. */
  readonly stainless?: true;
  run<Client>(bench: Bench<Client>): Promise<unknown>;
  /** Attributes that the one span must have; of the whole call where `usage` says so. */
  readonly expected?: Attributes;
  readonly usage?: "plain" | "stream";
  /** Billed spans; one unless said otherwise. */
  readonly spans?: number;
}

/** The stream part of a call; scenarios that need it run only where it is. */
export function streamOf<Client>(call: CallUnderTest<Client>): NonNullable<CallUnderTest["stream"]> {
  if (!call.stream) throw new Error(`${call.name} does not stream`);
  return call.stream;
}
