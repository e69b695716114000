import type { Context } from "@opentelemetry/api";

/**
 * Who watches over a value that a method returned. Promises and streams report every ending here;
 * only the first one counts, whatever the order they come in.
 */
export interface Observer {
  /** The context that what is observed runs in. */
  readonly context: Context;
  /**
   * Whether every step of a stream must enter that context. An agent works in each step; an SDK's
   * stream sends its request no later than in the first and from then on only parses, and entering a
   * context costs as much as the rest of a step.
   */
  readonly entersEveryStep: boolean;
  /** The stream in a value that arrived, where it is or holds one. */
  streamIn(value: unknown): AsyncIterable<unknown> | undefined;
  /** A whole, not streamed result arrived. */
  complete(result: unknown): void;
  /** A chunk passed by; true where the consumer must not see it. */
  chunk(value: unknown): boolean;
  /** The stream, or a body that nobody parses, ended. */
  close(outcome: "completed" | "cancelled" | "abandoned"): void;
  fail(error: unknown): void;
}
