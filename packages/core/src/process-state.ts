import { randomUUID } from "node:crypto";

/** A tool call that a model asked for, remembered until the tool has run. */
export interface AskedTool {
  readonly name: string;
  readonly spanId: string;
  readonly runId: string | undefined;
}

/** An SDK that was loaded, and whether its version is one that the adapter's tests run against. */
export interface ObservedModule {
  readonly adapter: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly supported: boolean;
}

/** What all copies of this package in one process must agree on. */
export interface ProcessState {
  readonly processId: string;
  /** Number of the last span that was stamped. */
  sequence: number;
  /** By tool call id, oldest first. */
  readonly askedTools: Map<string, AskedTool>;
  /** Which adapter observes a method, by its owner: a second copy or instance must not bill it again. */
  readonly patched: WeakMap<object, Map<PropertyKey, string>>;
  /** By adapter, name and version. */
  readonly modules: Map<string, ObservedModule>;
  /** Ends spans that wait for an estimate, at once and without it. */
  readonly waiting: Set<() => void>;
  /** True once children inherit the agent context. */
  carriesToChildren: boolean;
}

// `import` and `require` load two copies of this package; a registered symbol is one for both.
const key: unique symbol = Symbol.for("tokenledger.process.1") as never;

/** The state of this process, made on first use. */
export function processState(): ProcessState {
  // The global object has no type for our symbol.
  const home = globalThis as { [key]?: ProcessState };
  return (home[key] ??= {
    processId: randomUUID(),
    sequence: 0,
    askedTools: new Map(),
    patched: new WeakMap(),
    modules: new Map(),
    waiting: new Set(),
    carriesToChildren: false,
  });
}
