import { type Attributes, type Context, type Span, trace } from "@opentelemetry/api";
import { dialectMarkers, names } from "./attributes.ts";
import { type AgentRun, defaultTask, agentRunIn, taskIn } from "./context.ts";
import { quietly } from "./guard.ts";
import { processState } from "./process-state.ts";

/** What the spans of OpenTelemetry SDK 2.x and 3.x have in common, as far as it is read here. */
interface StampableSpan extends Span {
  readonly attributes: Attributes;
}

/** Operations that a provider bills: each is a step of the run that makes it. */
const steps = new Set<unknown>(["chat", "text_completion", "generate_content", "embeddings"]);

/**
 * Stamps every gen_ai span, those of other instrumentations included, with its agent, step, customer,
 * feature, task, process and sequence number. Put it first in the list of span processors. Needs no
 * particular version of the OpenTelemetry SDK.
 */
export class TokenledgerSpanProcessor {
  /** Where spans began that have more to say at their end: some emitters name themselves only then. */
  readonly #contexts = new WeakMap<Span, Context>();

  onStart(span: Span, parent: Context): void {
    quietly("stamping a span", start, span as StampableSpan, parent, this.#contexts);
  }

  onEnding(span: Span): void {
    const parent = this.#contexts.get(span);
    if (!parent) return;
    quietly("stamping a span", finish, span as StampableSpan, parent);
  }

  onEnd(): void {}

  /** Ends what still waits for an estimate, so that a flush at exit takes it along. */
  forceFlush(): Promise<void> {
    for (const end of processState().waiting) quietly("ending a span", end);
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }
}

function start(span: StampableSpan, parent: Context, contexts: WeakMap<Span, Context>): void {
  const recognised = isGenAi(span.attributes);
  if (recognised) stamp(span, parent);
  if (!recognised || isAgentRun(span)) contexts.set(span, parent);
}

function finish(span: StampableSpan, parent: Context): void {
  const stamped = span.attributes[names.processId] !== undefined;
  if (!stamped && isGenAi(span.attributes)) stamp(span, parent);
  // The outcome of a task is known long after the spans of its runs began.
  if (isAgentRun(span)) set(span, names.taskOutcome, taskIn(parent)?.outcome);
}

function isGenAi(attributes: Attributes | undefined): boolean {
  if (!attributes) return false;
  for (const marker of dialectMarkers) if (attributes[marker] !== undefined) return true;
  return false;
}

function stamp(span: StampableSpan, parent: Context): void {
  const state = processState();
  const run = agentRunIn(parent);
  const task = taskIn(parent) ?? defaultTask();
  if (run) stampRun(span, parent, run);
  set(span, names.customerId, task?.customer);
  set(span, names.featureName, task?.feature);
  set(span, names.taskId, task?.id);
  set(span, names.taskOutcome, task?.outcome);
  span.setAttribute(names.processId, state.processId);
  span.setAttribute(names.sequence, ++state.sequence);
}

function stampRun(span: StampableSpan, parent: Context, run: AgentRun): void {
  span.setAttribute(names.agentPath, run.pathText);
  span.setAttribute(names.agentRunId, run.id);
  set(span, names.agentParentRunId, run.parentId);
  set(span, names.handoffFrom, run.handoffFrom);
  if (run.steps === undefined || isAgentRun(span)) return;
  const around = (trace.getSpan(parent) as StampableSpan | undefined)?.attributes;
  // A framework's span of the same call is around the provider's: one call, one step.
  const repeated = around !== undefined && steps.has(around[names.operationName]);
  if (steps.has(span.attributes[names.operationName]) && !repeated) run.steps += 1;
  if (run.steps > 0) span.setAttribute(names.agentStep, run.steps);
}

function isAgentRun(span: StampableSpan): boolean {
  return span.attributes[names.operationName] === "invoke_agent";
}

function set(span: Span, name: string, value: string | undefined): void {
  if (value !== undefined) span.setAttribute(name, value);
}
