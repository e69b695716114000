import { createRequire } from "node:module";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { names, TokenledgerSpanProcessor } from "@tokenledger/core";
import { OpenAIInstrumentation } from "@tokenledger/instrumentation-openai";
import { type ProviderDouble, type Script, startProviderDouble } from "@tokenledger/provider-double";
import { OpenAIAgentsInstrumentation } from "../src/index.ts";

type Agents = typeof import("@openai/agents");

/** The SDK under observation, against a provider double, with the spans it leads to. */
export interface Observed {
  readonly agents: Agents;
  readonly double: ProviderDouble;
  /** Names of the finished spans, indented by depth, in the order in which they began. */
  tree(): string[];
  /** Like {@link tree}, each name followed by the value of an attribute, where it has it. */
  treeWith(attribute: keyof typeof names): string[];
  spans(): ReadableSpan[];
  /** Begins anew: no spans, another script, the SDK's own tracing on or off. */
  begin(script: Script, options?: { tracing: boolean }): void;
  /** Ends what still waits, as at the exit of a process. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Observes the CommonJS copy, which the instrumentation sees being loaded; the ES module is tested in a process. */
export async function observe(): Promise<Observed> {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    spanProcessors: [new TokenledgerSpanProcessor(), new SimpleSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const instrumentations = [new OpenAIInstrumentation(), new OpenAIAgentsInstrumentation()];
  const agents = createRequire(import.meta.url)("@openai/agents") as Agents;
  const double = await startProviderDouble();
  process.env.OPENAI_API_KEY = "test";
  process.env.OPENAI_BASE_URL = double.openai;
  const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
  return {
    agents,
    double,
    spans,
    tree: () => render(spans(), () => undefined),
    treeWith: (attribute) => render(spans(), (span) => span.attributes[names[attribute]]),
    begin(script, { tracing } = { tracing: false }) {
      agents.setTraceProcessors([]);
      agents.setTracingDisabled(!tracing);
      double.play(script);
      exporter.reset();
    },
    flush: () => provider.forceFlush(),
    async close() {
      for (const instrumentation of instrumentations) instrumentation.disable();
      await Promise.all([double.close(), provider.shutdown()]);
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}

/** Spans of one trace under each other; several traces one after the other. */
function render(spans: readonly ReadableSpan[], valueOf: (span: ReadableSpan) => unknown): string[] {
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const inOrder = spans.toSorted((one, other) => sequenceOf(one) - sequenceOf(other));
  const under = (parent: string | undefined, indent: string): string[] =>
    inOrder
      .filter((span) => {
        const id = span.parentSpanContext?.spanId;
        return (id !== undefined && ids.has(id) ? id : undefined) === parent;
      })
      .flatMap((span) => {
        const value = valueOf(span);
        const line = `${indent}${span.name}${value === undefined ? "" : ` ${JSON.stringify(value)}`}`;
        return [line, ...under(span.spanContext().spanId, `${indent}  `)];
      });
  return under(undefined, "");
}

const sequenceOf = (span: ReadableSpan): number => Number(span.attributes[names.sequence] ?? 0);

/** A tool of the SDK that needs no schema. */
export function simpleTool(agents: Agents, name: string, execute: () => unknown): ReturnType<Agents["tool"]> {
  const parameters = { type: "object" as const, properties: {}, required: [], additionalProperties: false as const };
  return agents.tool({ name, description: name, parameters, strict: true, execute });
}
