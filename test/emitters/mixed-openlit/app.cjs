const { trace } = require("@opentelemetry/api");
const { default: openlit } = require("openlit");

// It reads the headers' variable without decoding it.
const [name, value] = decodeURIComponent(process.env.OTEL_EXPORTER_OTLP_HEADERS).split("=");
openlit.init({
  applicationName: "mixed-openlit",
  otlpHeaders: { [name]: value },
  disableMetrics: true,
  disableEvents: true,
});
require("tokenledger/instrument");
const { Anthropic } = require("@anthropic-ai/sdk");
const { OpenAI } = require("openai");

async function main() {
  const { converseWithAnthropic } = await import("../conversation/anthropic.mjs");
  const { converseWithOpenai } = await import("../conversation/openai.mjs");
  await converseWithOpenai(new OpenAI({ maxRetries: 0 }));
  await converseWithAnthropic(new Anthropic({ maxRetries: 0 }));
  await trace.getTracerProvider().getDelegate().forceFlush();
}
void main();
