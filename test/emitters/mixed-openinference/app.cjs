const { AnthropicInstrumentation } = require("@arizeai/openinference-instrumentation-anthropic");
const { OpenAIInstrumentation } = require("@arizeai/openinference-instrumentation-openai");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { BatchSpanProcessor, NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
// Ours is nearest to the SDK, the other one's span is around it.
require("tokenledger/instrument");
const Anthropic = require("@anthropic-ai/sdk");
const OpenAI = require("openai");
new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);
new AnthropicInstrumentation({ tracerProvider: provider }).manuallyInstrument(Anthropic);

async function main() {
  const { converseWithAnthropic } = await import("../conversation/anthropic.mjs");
  const { converseWithOpenai } = await import("../conversation/openai.mjs");
  await converseWithOpenai(new OpenAI({ maxRetries: 0 }));
  await converseWithAnthropic(new Anthropic({ maxRetries: 0 }));
  await provider.shutdown();
}
void main();
