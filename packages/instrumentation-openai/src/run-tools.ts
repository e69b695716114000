import { defineOperation, type ObserveTool, type Operation } from "@tokenledger/core";
import { providerOf } from "./provider.ts";

type Callback = (...args: never[]) => unknown;

interface FunctionDefinition {
  readonly name?: string;
  readonly function: Callback;
}

/** `zodFunction()` and its like keep the callback in a hidden field beside the definition. */
interface ParseableTool {
  readonly $callback?: Callback;
  readonly function: { readonly name: string };
}

type RunnableTool = ParseableTool | { readonly function: FunctionDefinition };

interface RunToolsParams {
  readonly model: string;
  readonly tools: readonly RunnableTool[];
}

interface Runner {
  on(event: "end", listener: () => void): unknown;
  done(): Promise<void>;
}

/**
 * The SDK's own tool loop: an agent run around its model calls, which bill themselves, and the tools
 * that it calls.
 */
export const runTools = (target: string): Operation =>
  defineOperation<[params: RunToolsParams, ...rest: unknown[]], Runner>({
    target,
    name: "invoke_agent",
    billed: false,
    request: ([{ model }], client) => ({ provider: providerOf(client), model }),
    response: () => ({}),
    tools: ([params, ...rest], observe) => [
      { ...params, tools: params.tools.map((tool) => observedTool(tool, observe)) },
      ...rest,
    ],
    // Before its end, asking a runner for `done()` would tell it that the user handles its errors.
    ended: (runner) => new Promise((resolve) => runner.on("end", () => resolve(runner.done()))),
  });

function observedTool(tool: RunnableTool, observe: ObserveTool): RunnableTool {
  if ("$callback" in tool && tool.$callback) {
    return copy(tool, { $callback: observe(tool.function.name, tool.$callback) });
  }
  const definition = tool.function;
  if (!("function" in definition)) return tool;
  const name = definition.name ?? definition.function.name;
  // Bound, because the SDK calls it as a method of the definition that the user made.
  const observed = observe(name, definition.function.bind(definition));
  return copy(tool, { function: copy(definition, { name, function: observed }) });
}

/** A copy with other values in some fields, hidden fields and class kept; the original may be frozen. */
function copy<T extends object>(original: T, changes: Partial<T>): T {
  const changed = Object.entries(changes).map(([key, value]) => {
    const enumerable = Object.prototype.propertyIsEnumerable.call(original, key);
    return [key, { value, enumerable }];
  });
  return Object.create(Object.getPrototypeOf(original), {
    ...Object.getOwnPropertyDescriptors(original),
    ...Object.fromEntries(changed),
  });
}
