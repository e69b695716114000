import {
  ROOT_CONTEXT,
  type Context,
  type ContextManager,
  type DiagLogger,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";

/**
 * OpenTelemetry as this process has it, whatever the version of its API.
 *
 * An API copy is deaf to a global that an older minor version registered: `trace.getTracer` of 1.10
 * gives no-op tracers over an application's 1.9, and `context.active` the root. The registration
 * itself, an object under a well-known symbol that all 1.x copies share, holds interfaces that are
 * stable since 1.0. The engine reads it directly and so works over every 2.x and 3.x set-up, however
 * the package manager arranged the copies.
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

const registration = (): Registration | undefined => seats[key];

/**
 * Offers a provider and a context manager for as long as the application has none. Nothing is put
 * in the application's place: what it registers, at any time, is used from the next call on.
 */
export const offerStandIn = (offer: StandIn | undefined): void => {
  seats[standInKey] = offer;
};

/** The application's provider, else the stand-in's, else none. */
export const activeTracerProvider = (): TracerProvider | undefined =>
  registration()?.trace ?? seats[standInKey]?.tracerProvider;

const contextManager = (): ContextManager | undefined => registration()?.context ?? seats[standInKey]?.contextManager;

/** Like `context.active()`. */
export const activeContext = (): Context => contextManager()?.active() ?? ROOT_CONTEXT;

/** Like `context.with()`. */
export const runIn = <T>(context: Context, run: () => T): T => {
  const manager = contextManager();
  return manager === undefined ? run() : manager.with(context, run);
};

/** Like `trace.getTracer()`; ask again for each span, because the provider may change. */
export const tracerFor = (name: string, version?: string): Tracer | undefined =>
  activeTracerProvider()?.getTracer(name, version);

/** The application's diagnostic logger, else the stand-in's. */
export const activeDiag = (): DiagLogger | undefined => registration()?.diag ?? seats[standInKey]?.diag;
