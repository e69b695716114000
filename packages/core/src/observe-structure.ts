import type { ObserveTool, Operation, RequestFacts } from "./adapter.ts";
import { agentRunIn } from "./context.ts";
import { quietly } from "./guard.ts";
import type { Method } from "./patch.ts";
import { observeReturn } from "./promise.ts";
import { observeStream, isAsyncIterable } from "./stream.ts";
import { type AgentRunHandle, runWithin, startAgentRun, startToolCall, StructureObserver } from "./structure.ts";
import { context } from "./telemetry.ts";

/**
 * Runs a method that loops over model calls and tools (`runTools`, `toolRunner`) as an agent run.
 * Without a name of its own it joins the agent around it; where there is none, it is an agent by the
 * method's name.
 */
export function observeStructure(
  operation: Operation,
  request: RequestFacts,
  original: Method,
  receiver: unknown,
  args: readonly unknown[],
): unknown {
  const joined = request.agentName === undefined && agentRunIn(context.active()) !== undefined;
  const name = request.agentName ?? operation.target.slice(operation.target.lastIndexOf(".") + 1);
  const handle = joined ? undefined : quietly("starting an agent run", startAgentRun, { name });
  const within = handle?.context ?? context.active();
  const sent = quietly("observing tools", () => operation.tools?.(args, observeTool)) ?? args;
  let returned: unknown;
  try {
    returned = context.with(within, original, receiver, ...sent);
  } catch (error) {
    handle?.end({ error });
    throw error;
  }
  if (!handle) return returned;
  return quietly("observing a run", observeRunner, operation, returned, handle) ?? returned;
}

function observeRunner(operation: Operation, returned: unknown, handle: AgentRunHandle): unknown {
  const observer = new StructureObserver(handle);
  const ended = operation.ended?.(returned);
  if (!ended) return observeReturn(returned, observer);
  ended.then(
    () => observer.complete(),
    (error: unknown) => observer.fail(error),
  );
  // A runner that works only while it is read must do so in the run's context.
  if (isAsyncIterable(returned)) observeStream(returned, observer);
  return returned;
}

const observeTool: ObserveTool = (name, callback) => {
  const observed = function (this: unknown, ...args: never[]): unknown {
    const handle = quietly("starting a tool call", startToolCall, { name });
    if (!handle) return callback.apply(this, args);
    return runWithin(handle, () => callback.apply(this, args));
  };
  for (const key of ["name", "length"] as const) {
    Object.defineProperty(observed, key, { value: callback[key], configurable: true });
  }
  // Same parameters, result and name: the callback's own type.
  return observed as unknown as typeof callback;
};
