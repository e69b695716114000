const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { BatchSpanProcessor, NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
const { OpenAIInstrumentation } = require("@traceloop/instrumentation-openai");

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
require("tokenledger/instrument");
const { OpenAI } = require("openai");
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(provider);
instrumentation.manuallyInstrument(OpenAI);

async function main() {
  const { converseWithOpenai } = await import("../conversation/openai.mjs");
  await converseWithOpenai(new OpenAI({ maxRetries: 0 }));
  await provider.shutdown();
}
void main();
