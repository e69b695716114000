import { greeting, priceTool, question } from "./content.mjs";

const model = "gpt-5.4";
const user = (content) => ({ role: "user", content });
const { name, description, schema } = priceTool;

/**
 * A workflow in which one agent asks another, which uses a tool. `workflow`, `agent` and `tool` are an emitter's own
 * ways of saying what a piece of work is; each gets a name and the work.
 */
export function sellFruit(client, { workflow, agent, tool }) {
  const { completions } = client.chat;
  const tools = [{ type: "function", function: { name, description, parameters: schema } }];
  const priceAgent = async () => {
    const { choices } = await completions.create({ model, messages: [user(question)], tools });
    const { message } = choices[0];
    const [call] = message.tool_calls;
    const content = await tool(name, async () => priceTool.run(JSON.parse(call.function.arguments)));
    const result = { role: "tool", tool_call_id: call.id, content };
    await completions.create({ model, messages: [user(question), message, result], tools });
  };
  const seller = async () => {
    await completions.create({ model, messages: [user(greeting)] });
    await agent("price_agent", priceAgent);
    await completions.create({ model, messages: [user(greeting)] });
  };
  return workflow("fruit_shop", () => agent("seller", seller));
}
