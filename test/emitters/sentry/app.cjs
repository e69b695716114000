const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");
const Sentry = require("@sentry/node");

const client = Sentry.init({
  // Nothing listens there: what Sentry itself would send is dropped.
  dsn: "http://key@127.0.0.1:9/1",
  tracesSampleRate: 1,
  openTelemetrySpanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
const { Anthropic } = require("@anthropic-ai/sdk");
const { OpenAI } = require("openai");

async function main() {
  const { converseWithAnthropic } = await import("../conversation/anthropic.mjs");
  const { converseWithOpenai } = await import("../conversation/openai.mjs");
  await converseWithOpenai(new OpenAI({ maxRetries: 0 }));
  await converseWithAnthropic(new Anthropic({ maxRetries: 0 }));
  await client.traceProvider.forceFlush();
}
void main().then(() => process.exit(0));
