import { randomUUID } from "node:crypto";
import { type Attributes, type Context, type Span, SpanKind, trace, type TimeInput } from "@opentelemetry/api";
import manifest from "../package.json" with { type: "json" };
import { type CallOutcome, names } from "./attributes.ts";
import { type AgentRun, contextToStartIn, findAskedTool, agentRunIn, setRun } from "./context.ts";
import { errorType, failureOutcome, setError } from "./errors.ts";
import { quietly } from "./guard.ts";
import { carryToChildren } from "./inheritance.ts";
import type { Observer } from "./observer.ts";
import { observeReturn } from "./promise.ts";
import { isAsyncIterable } from "./stream.ts";
import { context, tracerFor } from "./telemetry.ts";

/** How a run or a tool call ended; nothing means well. */
export interface Ending {
  readonly error?: unknown;
  readonly outcome?: CallOutcome;
  readonly endTime?: TimeInput;
}

/** An open span of structure. Whatever runs in `context` belongs to it. */
export interface StructureHandle {
  readonly context: Context;
  readonly span: Span;
  /** Ends it. Only the first call counts. */
  end(ending?: Ending): void;
}

/** An open run of an agent. */
export interface AgentRunHandle extends StructureHandle {
  readonly run: AgentRun;
}

/** What a framework knows about a run that begins. */
export interface AgentRunStart {
  readonly name: string;
  /** The framework's own id of the run; a random one where it has none. */
  readonly id?: string | undefined;
  /** Where the run is started from; the active context unless said otherwise. */
  readonly parent?: Context | undefined;
  /** Name of the agent that handed over to this one. */
  readonly handoffFrom?: string | undefined;
  readonly startTime?: TimeInput | undefined;
  readonly attributes?: Attributes | undefined;
}

/** What a framework knows about a tool call that begins. */
export interface ToolCallStart {
  readonly name: string;
  /** The provider's id of the tool call; looked up by name where the SDK does not pass it on. */
  readonly callId?: string | undefined;
  readonly parent?: Context | undefined;
  readonly startTime?: TimeInput | undefined;
  readonly attributes?: Attributes | undefined;
}

/** Opens a run of an agent: an `invoke_agent` span, and a context that makes its calls belong to it. */
export function startAgentRun(start: AgentRunStart): AgentRunHandle {
  quietly("handing the context to child processes", carryToChildren);
  const active = contextToStartIn(start.parent ?? context.active());
  const around = agentRunIn(active);
  const path = [...(around?.path ?? []), start.name];
  const run = {
    name: start.name,
    id: start.id ?? randomUUID(),
    parentId: around?.id,
    path,
    pathText: JSON.stringify(path),
    handoffFrom: start.handoffFrom,
    steps: 0,
    span: undefined as Span | undefined,
  };
  // The span is stamped with the run that it opens, so the run is in the context it starts in.
  const within = setRun(active, run);
  const span = startSpan(`invoke_agent ${start.name}`, start, within, {
    [names.operationName]: "invoke_agent",
    [names.agentName]: start.name,
    [names.usageScope]: "aggregate",
  });
  run.span = span;
  return { run, ...openHandle(span, trace.setSpan(within, span)) };
}

/** Opens a tool call: an `execute_tool` span that names the model call that asked for it. */
export function startToolCall(start: ToolCallStart): StructureHandle {
  const active = contextToStartIn(start.parent ?? context.active());
  const asking = findAskedTool(start.name, start.callId, active);
  const callId = start.callId ?? asking?.callId;
  const agent = agentRunIn(active)?.name;
  const span = startSpan(`execute_tool ${start.name}`, start, active, {
    [names.operationName]: "execute_tool",
    [names.toolName]: start.name,
    ...(callId !== undefined && { [names.toolCallId]: callId }),
    ...(asking && { [names.toolCallOriginSpanId]: asking.asked.spanId }),
    ...(agent !== undefined && { [names.agentName]: agent }),
  });
  return openHandle(span, trace.setSpan(active, span));
}

/**
 * Runs `run` as an agent: an `invoke_agent` span around it, and every model call inside, in this
 * process and in children it starts, on its account. Returns what `run` returns; the span ends when
 * that has settled or, for a stream, has been read.
 */
export function withAgent<Result>(name: string, run: () => Result): Result {
  const handle = quietly("starting an agent run", startAgentRun, { name });
  return handle ? runWithin(handle, run) : run();
}

/** Runs `run` in the context of an open handle and ends the handle with what came of it. */
export function runWithin<Result>(handle: StructureHandle, run: () => Result): Result {
  const observer = new StructureObserver(handle);
  try {
    const returned = context.with(handle.context, run);
    // Observing returns the value itself, or a plain promise that settles alike.
    return (quietly("observing a run", observeReturn, returned, observer) ?? returned) as Result;
  } catch (error) {
    observer.fail(error);
    throw error;
  }
}

/** Ends a handle with the first ending of what ran inside. */
export class StructureObserver implements Observer {
  readonly context: Context;
  readonly entersEveryStep = true;
  readonly #handle: StructureHandle;

  constructor(handle: StructureHandle) {
    this.#handle = handle;
    this.context = handle.context;
  }

  streamIn(value: unknown): AsyncIterable<unknown> | undefined {
    return isAsyncIterable(value) ? value : undefined;
  }

  complete(): void {
    this.#handle.end();
  }

  chunk(): boolean {
    return false;
  }

  close(outcome: CallOutcome): void {
    this.#handle.end({ outcome });
  }

  fail(error: unknown): void {
    this.#handle.end({ error, outcome: failureOutcome(error) });
  }
}

function startSpan(name: string, start: AgentRunStart | ToolCallStart, within: Context, own: Attributes): Span {
  return tracerFor("@tokenledger/core", manifest.version).startSpan(
    name,
    {
      kind: SpanKind.INTERNAL,
      attributes: { ...own, ...start.attributes },
      ...(start.startTime !== undefined && { startTime: start.startTime }),
    },
    within,
  );
}

function openHandle(span: Span, within: Context): StructureHandle {
  let open = true;
  return {
    context: within,
    span,
    end(ending: Ending = {}) {
      if (!open) return;
      open = false;
      quietly("ending a span of structure", endSpan, span, ending);
    },
  };
}

function endSpan(span: Span, ending: Ending): void {
  if (ending.error !== undefined) setError(span, ending.error, errorType(ending.error));
  span.setAttribute(names.callOutcome, ending.outcome ?? (ending.error === undefined ? "completed" : "failed"));
  span.end(ending.endTime);
}
