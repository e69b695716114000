import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import "tokenledger/instrument";
import { converseWithAnthropic } from "../conversation/anthropic.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
// Loaded now, so that our hook sees it.
const { default: Anthropic } = await import("@anthropic-ai/sdk");
// Once as it comes, our hook tracing the calls, and once with the SDK's own tracing asked for.
await converseWithAnthropic(new Anthropic({ maxRetries: 0 }));
process.env.ANTHROPIC_OPEN_TELEMETRY = "true";
await converseWithAnthropic(new Anthropic({ maxRetries: 0 }));
await provider.shutdown();
