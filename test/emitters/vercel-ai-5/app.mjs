import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import * as ai from "ai";
import { converseWithVercelAi } from "../conversation/vercel-ai.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
await converseWithVercelAi({
  ai,
  Agent: ai.Experimental_Agent,
  stopAfter: ai.stepCountIs,
  openai: createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }),
  anthropic: createAnthropic({ baseURL: `${process.env.ANTHROPIC_BASE_URL}/v1` }),
  traced: (functionId) => ({ experimental_telemetry: { isEnabled: true, functionId } }),
  instructed: (system, prompt) => ({ prompt: undefined, messages: [system, { role: "user", content: prompt }] }),
});
await provider.shutdown();
