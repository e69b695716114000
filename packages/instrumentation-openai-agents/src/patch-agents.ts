import type { Span, SpanData } from "@openai/agents";
import { context, type Exports, type Method, type ModulePatch, patchTarget, quietly } from "@tokenledger/core";
import { observeSpan } from "./observe-span.ts";
import { RunScope, scopeIn, type StreamedRun } from "./run-scope.ts";

type Tracing = Parameters<ModulePatch["patch"]>[1];

/**
 * Two seams, both of them free of the SDK's own tracing set-up. `Runner.run` is where every run
 * begins, nested ones included, and gives its context. `TraceProvider.createSpan` is where the SDK
 * says what goes on in it: also when its tracing is switched off, when the spans it makes go nowhere.
 * A trace processor would see neither: it is called late, in no context, and `setTraceProcessors`,
 * which `@openai/agents` itself calls while it loads, removes it.
 */
export function patchAgents(exports: Exports, { enabled }: Tracing): Exports {
  const { getCurrentSpan } = exports as { getCurrentSpan?: () => Span<SpanData> | null };
  if (!getCurrentSpan) return exports;
  const aroundRun = (original: Method): Method =>
    function run(this: unknown, ...args: unknown[]): unknown {
      const scope = enabled() ? quietly("starting a run", () => new RunScope(getCurrentSpan)) : undefined;
      if (!scope) return original.apply(this, args);
      return watch(context.with(scope.context, original, this, ...args), scope);
    };
  const aroundCreateSpan = (original: Method): Method =>
    function createSpan(this: unknown, ...args: unknown[]): unknown {
      // What the original returns, whatever becomes of our part.
      const span = original.apply(this, args) as Span<SpanData>;
      quietly("observing a span", () => {
        const scope = scopeIn(context.active());
        if (scope) observeSpan(span, scope);
      });
      return span;
    };
  const patched = patchTarget(exports, "Runner.prototype.run", "openai-agents", aroundRun);
  return patchTarget(patched.exports, "TraceProvider.prototype.createSpan", "openai-agents", aroundCreateSpan).exports;
}

/** Settles the scope with the run: a streamed one is over when its stream is, not when it is handed out. */
function watch(returned: unknown, scope: RunScope): unknown {
  if (!(returned instanceof Promise)) return returned;
  // A promise derived from it: watching the original would hide an unhandled rejection from the user.
  return returned.then(
    (result: unknown) => {
      quietly("watching a run", settleWith, result, scope);
      return result;
    },
    (error: unknown) => {
      scope.settle(error);
      throw error;
    },
  );
}

function settleWith(result: unknown, scope: RunScope): void {
  if (isStreamed(result)) scope.follow(result);
  else scope.settle();
}

function isStreamed(result: unknown): result is StreamedRun {
  return (result as Partial<StreamedRun> | undefined)?.completed instanceof Promise;
}
