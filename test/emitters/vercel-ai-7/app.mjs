import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { OpenTelemetry } from "@ai-sdk/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import * as ai from "ai";
import { converseWithVercelAi } from "../conversation/vercel-ai.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
ai.registerTelemetry(new OpenTelemetry());
await converseWithVercelAi({
  ai,
  Agent: ai.ToolLoopAgent,
  stopAfter: ai.isStepCount,
  openai: createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }),
  anthropic: createAnthropic({ baseURL: `${process.env.ANTHROPIC_BASE_URL}/v1` }),
  traced: (functionId) => ({ telemetry: { functionId } }),
  instructed: (system, prompt) => ({ system, prompt }),
});
await provider.shutdown();
