import { greeting, handbook, priceTool, question, riddle } from "./content.mjs";

const { name, description, schema, run } = priceTool;
const system = { role: "system", content: handbook };
const user = (content) => ({ role: "user", content });

/** What a program does with LangChain: a model alone, then an agent with a tool. */
export async function converseWithLangChain({ ChatOpenAI, createAgent, tool }) {
  const model = new ChatOpenAI({ model: "gpt-5.4", maxRetries: 0, streamUsage: true, useResponsesApi: false });
  await model.invoke(greeting);
  for await (const _ of await model.stream(greeting));
  await model.invoke([system, user(greeting)]);
  await model.invoke([system, user(riddle)]);
  const agent = createAgent({ model, name: "fruit_seller", tools: [tool(run, { name, description, schema })] });
  await agent.invoke({ messages: [user(question)] });
}
