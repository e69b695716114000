import { forbidden, form, greeting, handbook, priceTool, question, riddle } from "./content.mjs";
import { refused } from "./openai.mjs";

const ephemeral = (ttl) => ({ anthropic: { cacheControl: { type: "ephemeral", ttl } } });
const handbookFor = (ttl) => ({ role: "system", content: `${ttl} ${handbook}`, providerOptions: ephemeral(ttl) });

/**
 * What a program does with the Vercel AI SDK, one call after the other.
 *
 * `ai` is the package; `traced` the options of a call that is to be traced under a name; `instructed` those that
 * place a system message, which moved between the majors.
 */
export async function converseWithVercelAi({ ai, Agent, stopAfter, openai, anthropic, traced, instructed }) {
  const { generateText, streamText, generateObject, embed, embedMany, jsonSchema, tool } = ai;
  const { name, description, schema, run } = priceTool;
  const tools = { [name]: tool({ description, inputSchema: jsonSchema(schema), execute: run }) };
  const loop = { tools, stopWhen: stopAfter(5), prompt: question };
  const shape = {
    schema: jsonSchema({
      type: "object",
      properties: { name: { type: "string" } },
      required: ["name"],
      additionalProperties: false,
    }),
    prompt: form,
  };
  const gpt = openai.chat("gpt-5.4");
  const claude = anthropic("claude-sonnet-4-6");

  await generateText({ model: gpt, prompt: greeting, system: handbook, ...traced("greeter") });
  await generateText({ model: gpt, prompt: riddle, system: handbook, ...traced("greeter") });
  await generateText({ model: openai.responses("gpt-5.4"), ...loop, ...traced("seller") });
  await generateText({ model: claude, ...loop, ...instructed(handbookFor("5m"), question), ...traced("nurse") });
  await spoken(streamText({ model: claude, ...instructed(handbookFor("1h"), riddle), ...traced("thinker") }));
  await spoken(streamText({ model: openai.responses("gpt-5.4"), prompt: riddle, ...traced("thinker") }));
  await spoken(streamText({ model: gpt, prompt: greeting, ...traced("greeter") }));
  await generateObject({ model: openai.responses("gpt-5.4"), ...shape, ...traced("clerk") });
  await generateObject({ model: claude, ...shape, ...instructed(handbookFor("5m"), form), ...traced("clerk") });
  await embed({ model: openai.textEmbeddingModel("text-embedding-3-small"), value: greeting, ...traced("archivist") });
  await embedMany({
    model: openai.textEmbeddingModel("text-embedding-3-small"),
    values: [greeting, riddle],
    ...traced("archivist"),
  });
  await new Agent({ model: gpt, tools, ...traced("agent"), stopWhen: stopAfter(5) }).generate({ prompt: question });
  await refused(generateText({ model: gpt, prompt: forbidden, maxRetries: 0, ...traced("greeter") }));
}

async function spoken({ textStream }) {
  for await (const _ of textStream);
}
