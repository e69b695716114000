import type { ReadableSpan, Span } from "@opentelemetry/sdk-trace";
import { names, type CallOutcome } from "@tokenledger/core";

/** Calls under way that are remembered; beyond it the oldest are forgotten. */
const mostOpen = 10_000;
const abandoned: CallOutcome = "abandoned";

/** The spans that have started and not ended, so that the end of the process can end them. */
export class OpenSpans {
  /** Weak: a span that nobody will end must not stay in memory for our sake. */
  readonly #spans = new Map<string, WeakRef<Span>>();

  add(span: Span): void {
    this.#spans.set(span.spanContext().spanId, new WeakRef(span));
    if (this.#spans.size <= mostOpen) return;
    for (const [oldest] of this.#spans) {
      this.#spans.delete(oldest);
      break;
    }
  }

  delete(span: ReadableSpan): void {
    this.#spans.delete(span.spanContext().spanId);
  }

  /** Ends every model call and agent run that is open: the provider may bill what we did not see end. */
  endAll(): void {
    for (const reference of this.#spans.values()) {
      const span = reference.deref();
      if (span?.attributes[names.operationName] === undefined) continue;
      span.setAttribute(names.callOutcome, abandoned);
      span.end();
    }
  }
}
