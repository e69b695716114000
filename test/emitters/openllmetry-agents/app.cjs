const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const traceloop = require("@traceloop/node-server-sdk");
const { OpenAI } = require("openai");

traceloop.initialize({
  appName: "openllmetry-agents",
  exporter: new OTLPTraceExporter(),
  instrumentModules: { openAI: OpenAI },
  silenceInitializationMessage: true,
  traceloopSyncEnabled: false,
});

async function main() {
  const { sellFruit } = await import("../conversation/agents.mjs");
  await sellFruit(new OpenAI({ maxRetries: 0 }), {
    workflow: (name, work) => traceloop.withWorkflow({ name }, work),
    agent: (name, work) => traceloop.withAgent({ name }, work),
    tool: (name, work) => traceloop.withTool({ name }, work),
  });
  await traceloop.forceFlush();
}
void main();
