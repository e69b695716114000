import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Agent, CachePointBlock, FunctionTool, TextBlock } from "@strands-agents/sdk";
import { AnthropicModel } from "@strands-agents/sdk/models/anthropic";
import { OpenAIModel } from "@strands-agents/sdk/models/openai";
import { errand, forbidden, handbook, priceTool, question, riddle } from "../conversation/content.mjs";
import { refused } from "../conversation/openai.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();

const { name, description, schema: inputSchema, run } = priceTool;
const lookUp = new FunctionTool({ name, description, inputSchema, callback: run });
const openai = (api) => new OpenAIModel({ api, modelId: "gpt-5.4", clientConfig: { maxRetries: 0 } });
const claude = new AnthropicModel({ modelId: "claude-sonnet-4-6", maxTokens: 500 });
const agent = (agentName, model, options = {}) => new Agent({ name: agentName, model, printer: false, ...options });
const cached = [new TextBlock(handbook), new CachePointBlock({ cacheType: "default" })];

await agent("seller", openai("chat"), { systemPrompt: handbook, tools: [lookUp] }).invoke(question);
await agent("seller", openai("responses"), { tools: [lookUp] }).invoke(question);
await agent("nurse", claude, { systemPrompt: cached, tools: [lookUp] }).invoke(question);
await agent("thinker", claude).invoke(riddle);
const specialist = agent("specialist", openai("chat"), { description: "Knows prices", tools: [lookUp] });
await agent("desk", openai("chat"), { tools: [specialist.asTool()] }).invoke(errand);
await refused(agent("thinker", openai("chat")).invoke(forbidden));
await provider.shutdown();
