import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";
import Anthropic from "@anthropic-ai/sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { converseWithAnthropic } from "../conversation/anthropic.mjs";
import { greeting, priceTool, question } from "../conversation/content.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const client = new Anthropic({ maxRetries: 0 });
await converseWithAnthropic(client);
await client.messages.countTokens({ model: "claude-sonnet-4-6", messages: [{ role: "user", content: greeting }] });
await runTools();
await leaveEarly();
await buyFromClouds();
await provider.shutdown();

async function runTools() {
  const { name, description, schema, run } = priceTool;
  const tool = { type: "custom", name, description, input_schema: schema, run, parse: (input) => input };
  const messages = [{ role: "user", content: question }];
  await client.beta.messages.toolRunner({ model: "claude-sonnet-4-6", max_tokens: 500, messages, tools: [tool] });
}

async function leaveEarly() {
  const messages = [{ role: "user", content: `Begin. ${greeting}` }];
  const stream = await client.messages.create({ model: "claude-sonnet-4-6", max_tokens: 500, messages, stream: true });
  for await (const { type } of stream) if (type === "content_block_delta") break;
}

async function buyFromClouds() {
  const ask = { max_tokens: 500, messages: [{ role: "user", content: greeting }] };
  const authClient = { getRequestHeaders: async () => new Headers(), projectId: "p" };
  const vertex = new AnthropicVertex({ region: "us-east5", projectId: "p", authClient, maxRetries: 0 });
  await vertex.messages.create({ model: "claude-sonnet-4-6", ...ask });
  const bedrock = new AnthropicBedrock({ awsRegion: "us-east-1", awsAccessKey: "a", awsSecretKey: "b", maxRetries: 0 });
  await bedrock.messages.create({ model: "anthropic.claude-sonnet-4-6", ...ask });
}
