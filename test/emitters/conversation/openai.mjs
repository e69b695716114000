import { forbidden, greeting, handbook, priceTool, question, riddle } from "./content.mjs";

const model = "gpt-5.4";
const user = (content) => ({ role: "user", content });
const handbookFirst = { role: "system", content: handbook };
const { name, description, schema } = priceTool;

/** What a program does with the `openai` SDK, one call after the other. */
export async function converseWithOpenai(client) {
  const { completions } = client.chat;
  await completions.create({ model, messages: [user(greeting)] });
  await drain(
    await completions.create({
      model,
      messages: [user(greeting)],
      stream: true,
      stream_options: { include_usage: true },
    }),
  );
  await completions.create({ model, messages: [handbookFirst, user(greeting)] });
  await completions.create({ model, messages: [handbookFirst, user(riddle)] });
  await useTool(completions);
  await client.responses.create({ model, input: riddle });
  await drain(await client.responses.create({ model, input: greeting, stream: true }));
  await client.embeddings.create({ model: "text-embedding-3-small", input: greeting });
  await refused(completions.create({ model, messages: [user(forbidden)] }));
}

async function useTool(completions) {
  const tools = [{ type: "function", function: { name, description, parameters: schema } }];
  const first = await completions.create({ model, messages: [user(question)], tools });
  const { message } = first.choices[0];
  const [call] = message.tool_calls;
  const result = { role: "tool", tool_call_id: call.id, content: priceTool.run(JSON.parse(call.function.arguments)) };
  await completions.create({ model, messages: [user(question), message, result], tools });
}

export async function drain(stream) {
  for await (const _ of stream);
}

/** Waits for the refusal that a call is about. */
export async function refused(call) {
  const status = await call.then(
    () => 200,
    (error) => error.status ?? error.statusCode ?? error.cause?.status,
  );
  if (status !== 400) throw new Error(`the provider was to refuse, and answered ${status}`);
}
