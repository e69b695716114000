import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { startActiveObservation } from "@langfuse/tracing";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";
import { sellFruit } from "../conversation/agents.mjs";

const langfuse = new LangfuseSpanProcessor({ exporter: new OTLPTraceExporter(), publicKey: "pk", secretKey: "sk" });
const provider = new NodeTracerProvider({ spanProcessors: [langfuse] });
provider.register();
await sellFruit(observeOpenAI(new OpenAI({ maxRetries: 0 })), {
  workflow: (name, work) => startActiveObservation(name, work, { asType: "chain" }),
  agent: (name, work) => startActiveObservation(name, work, { asType: "agent" }),
  tool: (name, work) => startActiveObservation(name, work, { asType: "tool" }),
});
await provider.forceFlush();
await provider.shutdown();
