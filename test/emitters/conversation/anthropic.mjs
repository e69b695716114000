import { forbidden, greeting, handbook, priceTool, question, riddle } from "./content.mjs";
import { drain, refused } from "./openai.mjs";

const model = "claude-sonnet-4-6";
const limits = { model, max_tokens: 500 };
const user = (content) => ({ role: "user", content });
const handbookFor = (ttl) => [{ type: "text", text: `${ttl} ${handbook}`, cache_control: { type: "ephemeral", ttl } }];
const { name, description, schema } = priceTool;

/** What a program does with the `@anthropic-ai/sdk`, one call after the other. */
export async function converseWithAnthropic({ messages }) {
  await messages.create({ ...limits, messages: [user(greeting)] });
  await drain(await messages.create({ ...limits, messages: [user(greeting)], stream: true }));
  await messages.create({ ...limits, system: handbookFor("5m"), messages: [user(greeting)] });
  await messages.create({ ...limits, system: handbookFor("1h"), messages: [user(greeting)] });
  await drain(await messages.create({ ...limits, system: handbookFor("5m"), messages: [user(riddle)], stream: true }));
  await useTool(messages);
  await refused(messages.create({ ...limits, messages: [user(forbidden)] }));
}

async function useTool(messages) {
  const tools = [{ name, description, input_schema: schema }];
  const { content } = await messages.create({ ...limits, messages: [user(question)], tools });
  const use = content.find(({ type }) => type === "tool_use");
  const result = { type: "tool_result", tool_use_id: use.id, content: priceTool.run(use.input) };
  const conversation = [user(question), { role: "assistant", content }, user([result])];
  await messages.create({ ...limits, messages: conversation, tools });
}
