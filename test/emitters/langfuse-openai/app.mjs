import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";
import { converseWithOpenai } from "../conversation/openai.mjs";

const langfuse = new LangfuseSpanProcessor({ exporter: new OTLPTraceExporter(), publicKey: "pk", secretKey: "sk" });
const provider = new NodeTracerProvider({ spanProcessors: [langfuse] });
provider.register();
await converseWithOpenai(observeOpenAI(new OpenAI({ maxRetries: 0 })));
await provider.forceFlush();
await provider.shutdown();
