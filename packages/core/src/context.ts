import { type Context, createContextKey, type Span, type SpanContext, trace } from "@opentelemetry/api";
import { names } from "./attributes.ts";
import { settings } from "./config.ts";
import { quietly } from "./guard.ts";
import { carryToChildren, readInheritance } from "./inheritance.ts";
import { type AskedTool, processState } from "./process-state.ts";
import { context } from "./telemetry.ts";

/** One run of an agent: its place in the chain of agents, and how many model calls it has made. */
export interface AgentRun {
  readonly name: string;
  readonly id: string;
  readonly parentId: string | undefined;
  /** Names from the root agent to this one. */
  readonly path: readonly string[];
  /** The path as it goes on every span, encoded once. */
  readonly pathText: string;
  readonly handoffFrom: string | undefined;
  /** Model calls so far. `undefined` in a child process that inherited the run: the count is not its own. */
  steps: number | undefined;
  /** The span of the run, where this process made it. */
  readonly span: Span | undefined;
}

/** What calls are for. All fields are the user's own words; none is read from prompts. */
export interface Task {
  readonly id: string | undefined;
  readonly feature: string | undefined;
  readonly customer: string | undefined;
  outcome: string | undefined;
}

/** What a process may hand to another one. */
export interface Inheritance {
  readonly parent: SpanContext | undefined;
  readonly run: AgentRun | undefined;
  readonly task: Task | undefined;
}

// Registered keys, so that the copies behind `import` and `require` see each other's values.
const runKey = createContextKey("tokenledger.agent-run");
const taskKey = createContextKey("tokenledger.task");

/** The agent run that a context belongs to, its parent process's included. */
export function agentRunIn(active: Context): AgentRun | undefined {
  return (active.getValue(runKey) as AgentRun | undefined) ?? inherited()?.run;
}

/** The task that a context belongs to, its parent process's included. */
export function taskIn(active: Context): Task | undefined {
  return (active.getValue(taskKey) as Task | undefined) ?? inherited()?.task;
}

export function setRun(active: Context, run: AgentRun): Context {
  return active.setValue(runKey, run);
}

export function setTask(active: Context, task: Task): Context {
  return active.setValue(taskKey, task);
}

/** The active context; where it has no span, under the span that started this process. */
export function contextToStartIn(active: Context = context.active()): Context {
  if (trace.getSpan(active)) return active;
  const parent = inherited()?.parent;
  return parent ? trace.setSpanContext(active, parent) : active;
}

/**
 * Runs `run` for a task: every gen_ai span inside carries its id, feature and customer, in this
 * process and in children it starts. A field left out keeps the value of the task around it.
 */
export function withTask<Result>(
  task: { id?: string; feature?: string; customer?: string },
  run: () => Result,
): Result {
  const active = context.active();
  const around = taskIn(active);
  quietly("handing the context to child processes", carryToChildren);
  const inner: Task = {
    id: task.id ?? around?.id,
    feature: task.feature ?? around?.feature,
    customer: task.customer ?? around?.customer,
    // A task with an id of its own has an outcome of its own.
    outcome: task.id === undefined ? around?.outcome : undefined,
  };
  return context.with(setTask(active, inner), run);
}

/**
 * Records how the active task ended (`resolved`, `escalated`, …). It shows on the span of the active
 * agent run and on every gen_ai span of the task that ends later.
 */
export function recordOutcome(outcome: string): void {
  const active = context.active();
  const task = taskIn(active);
  if (task) task.outcome = outcome;
  const span = agentRunIn(active)?.span;
  if (span?.isRecording()) span.setAttribute(names.taskOutcome, outcome);
}

/** Tool calls remembered at once; more than any process has in flight. */
const rememberedTools = 4096;

/** Remembers which model call asked for which tools, until they run. */
export function rememberTools(span: Span, active: Context, tools: readonly { id: string; name: string }[]): void {
  const { askedTools } = processState();
  const { spanId } = span.spanContext();
  const runId = agentRunIn(active)?.id;
  for (const { id, name } of tools) askedTools.set(id, { name, spanId, runId });
  for (const id of askedTools.keys()) {
    if (askedTools.size <= rememberedTools) break;
    askedTools.delete(id);
  }
}

/**
 * The model call that asked for a tool: by the tool call's id or, where the SDK does not say it to
 * the tool, by name among what this run's newest asking call still waits for.
 */
export function findAskedTool(
  name: string,
  callId: string | undefined,
  active: Context,
): { readonly callId: string; readonly asked: AskedTool } | undefined {
  const { askedTools } = processState();
  if (callId !== undefined) {
    const asked = askedTools.get(callId);
    return asked && { callId, asked };
  }
  const runId = agentRunIn(active)?.id;
  let found: { callId: string; asked: AskedTool } | undefined;
  for (const [id, asked] of askedTools) {
    if (asked.name !== name || asked.runId !== runId) continue;
    if (found?.asked.spanId !== asked.spanId) found = { callId: id, asked };
  }
  if (found) askedTools.delete(found.callId);
  return found;
}

/** Labels of calls outside any task, from the environment. */
export function defaultTask(): Task | undefined {
  const { customer, feature } = settings();
  return customer === undefined && feature === undefined
    ? undefined
    : { id: undefined, feature, customer, outcome: undefined };
}

let read: { text: string | undefined; inheritance: Inheritance | undefined } | undefined;

function inherited(): Inheritance | undefined {
  const { inherited: text } = settings();
  if (read?.text !== text || !read) {
    read = {
      text,
      inheritance: text === undefined ? undefined : quietly("reading inheritance", readInheritance, text),
    };
  }
  return read.inheritance;
}
