import { errand, forbidden, handbook, priceTool, question, riddle } from "./content.mjs";
import { refused } from "./openai.mjs";

/** What a program does with Strands Agents, one run after the other; `sdk` is the package. */
export async function converseWithStrands({ sdk, AnthropicModel, OpenAIModel }) {
  const { Agent, CachePointBlock, FunctionTool, TextBlock } = sdk;
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
}
