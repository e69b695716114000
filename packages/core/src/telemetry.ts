import {
  ROOT_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type DiagLogger,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";

/**
 * OpenTelemetry as this process has it, whatever the version of its API: what the rest of the engine
 * uses in place of the API's own `context`, `diag` and `trace.getTracer`.
 *
 * An API copy is deaf to a global that an older minor version registered: `trace.getTracer` of 1.10
 * gives no-op tracers over an application's 1.9, and `context.active` the root. The registration
 * itself, an object under a well-known symbol that all 1.x copies share, holds interfaces that are
 * stable since 1.0. Read directly, it serves over every 2.x and 3.x set-up, however the package
 * manager arranged the copies.
 */
interface Registration {
  readonly trace?: TracerProvider;
  readonly context?: ContextManager;
  readonly diag?: DiagLogger;
}

/** What serves while the application has registered nothing of its own. */
export interface StandIn {
  readonly tracerProvider: TracerProvider;
  readonly contextManager: ContextManager;
  readonly diag?: DiagLogger | undefined;
}

const key: unique symbol = Symbol.for("opentelemetry.js.api.1") as never;
const standInKey: unique symbol = Symbol.for("tokenledger.stand-in") as never;
// The global object has no type for either symbol. Ours is there because `import` and `require` load
// two copies of this package.
const seats = globalThis as { [key]?: Registration; [standInKey]?: StandIn | undefined };

/**
 * Offers a provider and a context manager for as long as the application has none. Nothing is put
 * in the application's place: what it registers, at any time, is used from the next call on.
 */
export function offerStandIn(offer: StandIn | undefined): void {
  seats[standInKey] = offer;
}

/** The application's provider, else the stand-in's, else none. */
export function activeTracerProvider(): TracerProvider | undefined {
  return seats[key]?.trace ?? seats[standInKey]?.tracerProvider;
}

/** The provider that the application itself has registered. */
export function applicationTracerProvider(): TracerProvider | undefined {
  return seats[key]?.trace;
}

/** Whether the application has a context manager of its own. */
export function hasContextManager(): boolean {
  return seats[key]?.context !== undefined;
}

/** Like `trace.getTracer`. Ask again for each span, because the provider may change. */
export function tracerFor(name: string, version?: string): Tracer {
  return (activeTracerProvider() ?? trace).getTracer(name, version);
}

const contextManager = (): ContextManager | undefined => seats[key]?.context ?? seats[standInKey]?.contextManager;

/** Like the API's `context`. */
export const context: Pick<ContextManager, "active" | "with"> = {
  active: () => contextManager()?.active() ?? ROOT_CONTEXT,
  with<Args extends unknown[], Run extends (...args: Args) => ReturnType<Run>>(
    within: Context,
    run: Run,
    receiver?: ThisParameterType<Run>,
    ...args: Args
  ): ReturnType<Run> {
    const manager = contextManager();
    return manager === undefined ? Reflect.apply(run, receiver, args) : manager.with(within, run, receiver, ...args);
  },
};

const logger = (): DiagLogger | undefined => seats[key]?.diag ?? seats[standInKey]?.diag;

/** Like the API's `diag`. */
export const diag: DiagLogger = {
  error: (message, ...args) => logger()?.error(message, ...args),
  warn: (message, ...args) => logger()?.warn(message, ...args),
  info: (message, ...args) => logger()?.info(message, ...args),
  debug: (message, ...args) => logger()?.debug(message, ...args),
  verbose: (message, ...args) => logger()?.verbose(message, ...args),
};
