import type { Span, SpanData } from "@openai/agents";
import { type Context, createContextKey, trace } from "@opentelemetry/api";
import {
  type AgentRunHandle,
  context,
  type Ending,
  startAgentRun,
  startToolCall,
  type StructureHandle,
} from "@tokenledger/core";

// A registered key, so that the copies behind `import` and `require` see each other's values.
const scopeKey = createContextKey("tokenledger.openai-agents.run");

/** The run that a context belongs to. */
export function scopeIn(active: Context): RunScope | undefined {
  return active.getValue(scopeKey) as RunScope | undefined;
}

/** An open agent run or tool call, and the run that it is part of. */
interface Opened {
  readonly scope: RunScope;
  readonly handle: StructureHandle;
}

/** What matters of a run whose result is a stream. */
export interface StreamedRun {
  readonly completed: Promise<unknown>;
  /** Its reader left, or its signal was aborted. */
  readonly cancelled?: boolean;
}

/** By span data: the one object that the SDK's clones of a span share. */
const opened = new WeakMap<object, Opened>();

/** One call of `Runner.run`: the agents that take turns in it, by hand-off, and their tools. */
export class RunScope {
  /** What runs in it belongs to whichever agent or tool is at work at that moment. */
  readonly context: Context;
  /** Set between a hand-off and the start of the agent that it went to. */
  handoffFrom: string | undefined;
  readonly #base: Context;
  #first: AgentRunHandle | undefined;
  /** Weak, because the SDK stops a streamed run whose result nobody holds any more. */
  #streamed: WeakRef<StreamedRun> | undefined;
  /** Still open, with how they ended where only the error of the whole run is missing. */
  readonly #open = new Map<StructureHandle, Ending>();

  constructor(currentSpan: () => Span<SpanData> | null) {
    this.#base = context.active().setValue(scopeKey, this);
    this.context = new LiveContext(() => this.#contextOf(currentSpan()));
  }

  /** Opens the run of an agent: beside the one that handed over to it, not inside. */
  openAgent(data: object, name: string): void {
    const handoffFrom = this.handoffFrom;
    this.handoffFrom = undefined;
    const handle = startAgentRun({ name, parent: this.#parentOfAgents(), handoffFrom });
    this.#first ??= handle;
    this.#remember(data, handle);
  }

  openTool(data: object, name: string): void {
    this.#remember(data, startToolCall({ name }));
  }

  /** An agent's error is known as such only once it has come out of the run. */
  endAgent(data: object, failed: boolean): void {
    const handle = opened.get(data)?.handle;
    if (handle && failed && this.#open.has(handle)) this.#open.set(handle, { endTime: Date.now() });
    else if (handle) this.#end(handle, this.#peacefulEnding());
  }

  endTool(data: object, error: unknown): void {
    const handle = opened.get(data)?.handle;
    if (handle) this.#end(handle, error === undefined ? {} : { error });
  }

  /** Goes on until the stream is over. The SDK marks its promise as handled by itself. */
  follow(run: StreamedRun): void {
    this.#streamed = new WeakRef(run);
    run.completed.then(
      () => this.settle(),
      (error: unknown) => this.settle(error),
    );
  }

  /** The run is over, with whatever is still open: an agent that waits for an approval ends here. */
  settle(error?: unknown): void {
    const last = error === undefined ? this.#peacefulEnding() : { error };
    for (const [handle, ending] of this.#open) this.#end(handle, { ...ending, ...last });
  }

  #peacefulEnding(): Ending {
    return this.#streamed?.deref()?.cancelled === true ? { outcome: "cancelled" } : {};
  }

  #remember(data: object, handle: StructureHandle): void {
    opened.set(data, { scope: this, handle });
    this.#open.set(handle, {});
  }

  #end(handle: StructureHandle, ending: Ending): void {
    this.#open.delete(handle);
    handle.end(ending);
  }

  /** Where nothing is around the run, the first agent's span keeps the others in its trace. */
  #parentOfAgents(): Context {
    if (!this.#first || trace.getSpan(this.#base)) return this.#base;
    return trace.setSpanContext(this.#base, this.#first.span.spanContext());
  }

  #contextOf(span: Span<SpanData> | null): Context {
    for (let at = span ?? undefined; at; at = at.previousSpan) {
      const found = opened.get(at.spanData);
      // Before its first agent starts, a nested run sees the tool of the run around it.
      if (found) return found.scope === this ? found.handle.context : this.#base;
    }
    return this.#base;
  }
}

/**
 * A context that follows the SDK's own: agents take turns in one asynchronous flow and the SDK opens
 * their spans without a callback around their work, so there is no place to enter a context of ours
 * for each. What is derived from it is fixed.
 */
class LiveContext implements Context {
  readonly #current: () => Context;

  constructor(current: () => Context) {
    this.#current = current;
  }

  getValue(key: symbol): unknown {
    return this.#current().getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#current().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#current().deleteValue(key);
  }
}
