import { Mistral } from "@mistralai/mistralai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { forbidden, greeting, handbook, priceTool, question, riddle } from "../conversation/content.mjs";
import { drain, refused } from "../conversation/openai.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
process.env.MISTRAL_SDK_TELEMETRY = "global";
const client = new Mistral({ serverURL: process.env.MISTRAL_SERVER_URL, apiKey: "test" });

const model = "mistral-large-latest";
const user = (content) => ({ role: "user", content });
const handbookFirst = { role: "system", content: handbook };

await client.chat.complete({ model, messages: [handbookFirst, user(greeting)] });
await client.chat.complete({ model, messages: [handbookFirst, user(riddle)] });
await drain(await client.chat.stream({ model, messages: [user(greeting)] }));
await useTool();
await client.embeddings.create({ model: "mistral-embed", inputs: [greeting] });
await client.agents.complete({ agentId: "ag_greeter", messages: [user(greeting)] });
await client.beta.conversations.start({ agentId: "ag_greeter", inputs: greeting });
await refused(client.chat.complete({ model, messages: [user(forbidden)] }));
await provider.shutdown();

async function useTool() {
  const { name, description, schema: parameters, run } = priceTool;
  const tools = [{ type: "function", function: { name, description, parameters } }];
  const { choices } = await client.chat.complete({ model, messages: [user(question)], tools });
  const [{ message }] = choices;
  const [call] = message.toolCalls;
  const content = run(JSON.parse(call.function.arguments));
  const result = { role: "tool", name, toolCallId: call.id, content };
  await client.chat.complete({ model, messages: [user(question), message, result], tools });
}
