import { type Attributes, context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { TokenledgerSpanProcessor } from "../processor.ts";

/** Everything that the process traces, kept in memory. */
export interface SpanCollector {
  /** Ended spans in the order they ended. */
  spans(): ReadableSpan[];
  /** Attributes of the ended spans that bill a call. */
  calls(): Attributes[];
  reset(): void;
  /** How many spans have started and not ended. */
  open(): number;
  stop(): Promise<void>;
}

/** Registers a provider as the application would, with our span processor first in its list. */
export function collectSpans(): SpanCollector {
  const exporter = new InMemorySpanExporter();
  let open = 0;
  const counter = {
    onStart: () => {
      open += 1;
    },
    onEnd: () => {
      open -= 1;
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const provider = new TracerProvider({
    spanProcessors: [new TokenledgerSpanProcessor(), counter, new SimpleSpanProcessor({ exporter })],
  });
  const manager = new AsyncLocalStorageContextManager().enable();
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(manager);
  return {
    spans: () => exporter.getFinishedSpans(),
    calls: () =>
      exporter
        .getFinishedSpans()
        .map((span) => span.attributes as Attributes)
        .filter((attributes) => attributes["tokenledger.usage.scope"] === "call"),
    reset: () => exporter.reset(),
    open: () => open,
    async stop() {
      trace.disable();
      context.disable();
      await provider.shutdown();
    },
  };
}
