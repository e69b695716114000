import { createRequire } from "node:module";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { activeTracerProvider, type ModuleObserver, offerStandIn, quietly, settings } from "@tokenledger/core";
import { consoleLogger } from "./console-logger.ts";
import { apiWatch } from "./module-watch.ts";
import { StandInProvider } from "./stand-in.ts";

/** Our provider, behind the application's. */
export interface OwnProvider {
  /** Loads what the provider needs while the application is loading too, not during its first call. */
  prepare(): void;
  readonly apiWatch: ModuleObserver;
}

/** Offers a provider, made on first use, for as long as the application has none. */
export const offerProvider = (): OwnProvider => {
  const contextManager = new AsyncLocalStorageContextManager().enable();
  const source = once(() => quietly("setting up the provider", () => loadPipeline().buildProvider()));
  const standIn = new StandInProvider(source, contextManager);
  const prepare = once(() => quietly("loading the provider", () => loadPipeline().sendHeldSpans()));
  const diag = consoleLogger(settings().environment.OTEL_LOG_LEVEL);
  offerStandIn({ tracerProvider: standIn, contextManager, diag });
  return {
    prepare() {
      if (activeTracerProvider() === standIn) prepare();
    },
    apiWatch: apiWatch(
      () => activeTracerProvider() === standIn,
      (copy) => new StandInProvider(source, contextManager, copy),
    ),
  };
};

/**
 * The SDK is loaded late and in one step: programs that never load an instrumented SDK, which
 * `NODE_OPTIONS` may bring under the hook by the dozen, do not pay for it. `require`, because the
 * first span cannot wait.
 */
const loadPipeline = (): typeof import("./pipeline.ts") => createRequire(import.meta.url)("./pipeline.cjs");

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
};
