import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as callbackManager from "@langchain/core/callbacks/manager";
import { ChatOpenAI } from "@langchain/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createAgent, tool } from "langchain";
import { greeting, handbook, priceTool, question, riddle } from "../conversation/content.mjs";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
new LangChainInstrumentation({ tracerProvider: provider }).manuallyInstrument(callbackManager);

const model = new ChatOpenAI({ model: "gpt-5.4", maxRetries: 0, streamUsage: true, useResponsesApi: false });
const { name, description, schema, run } = priceTool;
const agent = createAgent({ model, name: "fruit_seller", tools: [tool(run, { name, description, schema })] });

await model.invoke(greeting);
for await (const _ of await model.stream(greeting));
await model.invoke([
  { role: "system", content: handbook },
  { role: "user", content: greeting },
]);
await model.invoke([
  { role: "system", content: handbook },
  { role: "user", content: riddle },
]);
await agent.invoke({ messages: [{ role: "user", content: question }] });
await provider.shutdown();
