import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";

/** Keeps the spans of one call at a time, and knows when the last of them has ended. */
export class SpanLog implements SpanProcessor {
  #ended: ReadableSpan[] = [];
  #open = 0;
  #settled: (() => void) | undefined;

  onStart(_span: Span, _context: Context): void {
    this.#open += 1;
  }

  onEnd(span: ReadableSpan): void {
    this.#ended.push(span);
    this.#open -= 1;
    if (this.#open === 0) this.#settled?.();
  }

  /** Takes the spans so far, once those that were started have ended: an estimate ends its span late. */
  async take(): Promise<ReadableSpan[]> {
    if (this.#open > 0) await new Promise<void>((resolve) => (this.#settled = resolve));
    return this.#ended.splice(0);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
