import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import "tokenledger/instrument";
import { converseWithStrands } from "../conversation/strands.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
// Loaded now, so that our hook sees the SDKs below the framework.
const sdk = await import("@strands-agents/sdk");
const { AnthropicModel } = await import("@strands-agents/sdk/models/anthropic");
const { OpenAIModel } = await import("@strands-agents/sdk/models/openai");
await converseWithStrands({ sdk, AnthropicModel, OpenAIModel });
await provider.shutdown();
