import type { Span, SpanData, SpanError } from "@openai/agents";
import { quietly } from "@tokenledger/core";
import type { RunScope } from "./run-scope.ts";

/** What one span of the SDK means to us, between its start and its end. */
interface Meaning {
  start?(): void;
  end(error: SpanError | undefined): void;
}

/**
 * Follows a span of the SDK. Its methods are watched on the span itself: the SDK's own processors
 * are told late, and nothing at all while its tracing is off.
 */
export function observeSpan(span: Span<SpanData>, scope: RunScope): void {
  const meaning = meaningOf(span.spanData, scope);
  if (!meaning) return;
  let error: SpanError | undefined;
  const start = span.start.bind(span);
  const setError = span.setError.bind(span);
  const end = span.end.bind(span);
  replace(span, "start", () => {
    quietly("starting a span", () => meaning.start?.());
    start();
  });
  replace(span, "setError", (reported: SpanError) => {
    error = reported;
    setError(reported);
  });
  replace(span, "end", () => {
    end();
    quietly("ending a span", () => meaning.end(error));
  });
}

function meaningOf(data: SpanData, scope: RunScope): Meaning | undefined {
  if (data.type === "agent") {
    return {
      start: () => scope.openAgent(data, data.name),
      end: (error) => scope.endAgent(data, error !== undefined),
    };
  }
  if (data.type === "function") {
    return {
      start: () => scope.openTool(data, data.name),
      end: (error) => scope.endTool(data, error && { name: "ToolCallError", message: error.message }),
    };
  }
  if (data.type !== "handoff") return undefined;
  return {
    end: () => {
      // Named once the hand-off has worked.
      if (data.to_agent !== undefined) scope.handoffFrom = data.from_agent;
    },
  };
}

/** Not enumerable, as the methods of the class: whoever prints or copies a span sees no difference. */
function replace<Key extends "start" | "end" | "setError">(
  span: Span<SpanData>,
  key: Key,
  value: Span<SpanData>[Key],
): void {
  Object.defineProperty(span, key, { value, configurable: true, writable: true });
}
