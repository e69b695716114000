import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import "tokenledger/instrument";
import { greeting, priceTool, question } from "../conversation/content.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const { OpenAI } = await import("openai");
const { OpenTelemetry } = await import("@ai-sdk/otel");
(await import("ai-7")).registerTelemetry(new OpenTelemetry());
const experimental = { experimental_telemetry: { isEnabled: true, functionId: "seller" } };
await converse("5", (ai) => ai.stepCountIs, experimental);
await converse("6", (ai) => ai.stepCountIs, experimental);
await converse("7", (ai) => ai.isStepCount, { telemetry: { functionId: "seller" } });
// The AI SDK asks providers by itself; our hook is at work where a program uses the provider's SDK.
await new OpenAI().chat.completions.create({ model: "gpt-5.4", messages: [{ role: "user", content: greeting }] });
await provider.shutdown();

async function converse(major, stopAfter, traced) {
  const ai = await import(`ai-${major}`);
  const { createOpenAI } = await import(`openai-${major}`);
  const { createAnthropic } = await import(`anthropic-${major}`);
  const gpt = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL }).chat("gpt-5.4");
  const claude = createAnthropic({ baseURL: `${process.env.ANTHROPIC_BASE_URL}/v1` })("claude-sonnet-4-6");
  const { name, description, schema, run } = priceTool;
  const tools = { [name]: ai.tool({ description, inputSchema: ai.jsonSchema(schema), execute: run }) };
  await ai.generateText({ model: gpt, prompt: question, tools, stopWhen: stopAfter(ai)(5), ...traced });
  await ai.generateText({ model: claude, prompt: greeting, ...traced });
}
