import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import "tokenledger/instrument";
import { converseWithLangChain } from "../conversation/langchain.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
// Loaded now, so that our hook sees the SDK below the framework.
const callbackManager = await import("@langchain/core/callbacks/manager");
const { ChatOpenAI } = await import("@langchain/openai");
const { createAgent, tool } = await import("langchain");
new LangChainInstrumentation({ tracerProvider: provider }).manuallyInstrument(callbackManager);
// LangChain's callbacks make spans that are never the active one: ours is beside them in the trace, not below.
await trace.getTracer("app").startActiveSpan("request", async (span) => {
  await converseWithLangChain({ ChatOpenAI, createAgent, tool });
  span.end();
});
await provider.shutdown();
