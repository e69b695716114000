import { claims, styleGuide } from "./orders.mjs";

/** Waits for one draft, has it reviewed, answers and ends. */
export function reviewOnRequest(sdk) {
  process.once("message", async ({ draft, checkClaims }) => {
    const edits = await sdk.withAgent("editor", () => edit(new sdk.Anthropic(), draft, checkClaims));
    const checks = checkClaims ? await sdk.withAgent("checker", () => check(new sdk.OpenAI())) : "claims not checked";
    process.send(`${edits}; ${checks}`, () => process.disconnect());
  });
}

/** Three questions about one draft: the style guide is cached for an hour, the draft for five minutes. */
async function edit(anthropic, draft, thorough) {
  const ask = (question) => ({
    model: "claude-haiku-4-5",
    max_tokens: 1000,
    system: [{ type: "text", text: styleGuide, cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: draft, cache_control: { type: "ephemeral", ttl: "5m" } },
          { type: "text", text: question },
        ],
      },
    ],
  });
  const edits = await anthropic.messages.create(ask("Which sentences break the guide?"));
  if (!thorough) return `edits: ${edits.content[0].text}`;
  await anthropic.messages.create(ask("Is anything missing?"));
  const headlines = await anthropic.messages.create({ ...ask("Offer ten headlines."), stream: true });
  return `edits: ${edits.content[0].text}; headline: ${await firstLine(headlines)}`;
}

/** Stops reading, and so stops paying, after the first line. */
async function firstLine(stream) {
  let text = "";
  for await (const event of stream) {
    if (event.type === "content_block_delta") text += event.delta.text;
    if (text.includes("\n")) break;
  }
  return text.slice(0, text.indexOf("\n"));
}

/** Claims are checked one by one on the raw SDK, with the mishaps of an ordinary day. */
async function check(openai) {
  await openai.embeddings.create({ model: "text-embedding-3-small", input: claims });
  const ask = (model, claim) => ({
    model,
    messages: [
      { role: "developer", content: "Say whether the claim holds." },
      { role: "user", content: claim },
    ],
  });
  // The first answer is 429; the SDK waits and tries again.
  await openai.chat.completions.create(ask("gpt-5.4-mini", claims[0]));
  // A bug worth finding: the same question twice.
  await openai.chat.completions.create({ ...ask("gpt-5.4-mini", claims[1]), service_tier: "flex" });
  await openai.chat.completions.create({ ...ask("gpt-5.4-mini", claims[1]), service_tier: "flex" });
  // A model that no price list knows.
  await openai.chat.completions.create(ask("house-checker-2", claims[2]));
  // Refused by the provider: no answer and no bill.
  const refused = openai.responses.create({ model: "gpt-5.4", input: claims[3] });
  const outcome = await refused.then(
    () => "checked",
    () => "refused",
  );
  return `claims: 3 hold, 1 ${outcome}`;
}
