import { ChildProcess } from "node:child_process";
import { type Context, isSpanContextValid, type SpanContext, trace } from "@opentelemetry/api";
import { inheritanceVariable } from "./config.ts";
import { type AgentRun, type Inheritance, agentRunIn, type Task, taskIn } from "./context.ts";
import { quietly } from "./guard.ts";
import { processState } from "./process-state.ts";
import { context, diag } from "./telemetry.ts";

/** Longest value handed on, in UTF-16 code units; a chain of agents beyond it is not. */
const longest = 8192;

/**
 * Lets child processes inherit the agent context in force where they are started, in one environment
 * variable of the child. `process.env` of this process, and the options that the user passes, stay
 * as they are. Covers `spawn`, `fork`, `exec`, `execFile` and `cluster`; the `…Sync` variants and
 * workers do not pass here.
 */
export function carryToChildren(): void {
  const state = processState();
  if (state.carriesToChildren) return;
  state.carriesToChildren = true;
  // The seam: every asynchronous start ends in this method, whose options Node built itself and
  // whose type Node does not publish.
  const prototype = ChildProcess.prototype as unknown as { spawn?: (options: { envPairs?: unknown }) => unknown };
  const original = prototype.spawn;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, "spawn");
  if (!original || !descriptor) return;
  const spawn = function (this: unknown, options: { envPairs?: unknown }): unknown {
    quietly("handing the context to a child process", addContext, options);
    return original.call(this as typeof prototype, options);
  };
  Object.defineProperty(prototype, "spawn", { ...descriptor, value: spawn });
}

function addContext(options: { envPairs?: unknown }): void {
  const value = writeInheritance(context.active());
  if (value === undefined || !Array.isArray(options.envPairs)) return;
  const prefix = `${inheritanceVariable}=`;
  const others = options.envPairs.filter((pair) => !String(pair).startsWith(prefix));
  options.envPairs = [...others, prefix + value];
}

interface Written {
  version: 1;
  parent: { traceId: string; spanId: string; traceFlags: number } | undefined;
  run: { name: string; id: string; parentId: string | undefined; path: readonly string[] } | undefined;
  task: { id: string | undefined; feature: string | undefined; customer: string | undefined } | undefined;
}

/** What a child started in this context should know, or `undefined` where there is nothing to hand on. */
function writeInheritance(active: Context): string | undefined {
  const run = agentRunIn(active);
  const task = taskIn(active);
  if (!run && !task) return undefined;
  const parent = trace.getSpanContext(active);
  const written: Written = {
    version: 1,
    parent: parent && { traceId: parent.traceId, spanId: parent.spanId, traceFlags: parent.traceFlags },
    run: run && { name: run.name, id: run.id, parentId: run.parentId, path: run.path },
    task: task && { id: task.id, feature: task.feature, customer: task.customer },
  };
  const text = JSON.stringify(written);
  if (text.length <= longest) return text;
  diag.warn(`tokenledger: the agent context has ${text.length} characters, more than a child process is given`);
  return undefined;
}

/** Reads what {@link writeInheritance} wrote. Whatever does not look like it is left out. */
export function readInheritance(text: string): Inheritance | undefined {
  if (text.length > longest) return undefined;
  const written = asRecord(JSON.parse(text));
  if (written?.version !== 1) return undefined;
  return {
    parent: readParent(asRecord(written.parent)),
    run: readRun(asRecord(written.run)),
    task: readTask(asRecord(written.task)),
  };
}

type Unread = Readonly<Record<string, unknown>> | undefined;

function readParent(written: Unread): SpanContext | undefined {
  const parent = {
    traceId: asText(written?.traceId) ?? "",
    spanId: asText(written?.spanId) ?? "",
    traceFlags: written?.traceFlags === 0 ? 0 : 1,
    isRemote: true,
  };
  return isSpanContextValid(parent) ? parent : undefined;
}

function readRun(written: Unread): AgentRun | undefined {
  const name = asText(written?.name);
  const id = asText(written?.id);
  if (name === undefined || id === undefined || !Array.isArray(written?.path)) return undefined;
  const path = written.path.filter((step): step is string => typeof step === "string");
  return {
    name,
    id,
    parentId: asText(written.parentId),
    path,
    pathText: JSON.stringify(path),
    handoffFrom: undefined,
    steps: undefined,
    span: undefined,
  };
}

function readTask(written: Unread): Task | undefined {
  return (
    written && {
      id: asText(written.id),
      feature: asText(written.feature),
      customer: asText(written.customer),
      outcome: undefined,
    }
  );
}

function asRecord(value: unknown): Unread {
  return typeof value === "object" && value !== null ? (value as Unread) : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
