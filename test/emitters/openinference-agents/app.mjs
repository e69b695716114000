import { traceAgent, traceChain, traceTool } from "@arizeai/openinference-core";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";
import { sellFruit } from "../conversation/agents.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);
await sellFruit(new OpenAI({ maxRetries: 0 }), {
  workflow: (name, work) => traceChain(work, { name })(),
  agent: (name, work) => traceAgent(work, { name })(),
  tool: (name, work) => traceTool(work, { name })(),
});
await provider.shutdown();
