// Makes CALLS model calls in several agents, a few at once, and stays until it is told to end.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { withAgent, withTask } from "tokenledger";

const openai = new OpenAI({ apiKey: "none", baseURL: process.env.OPENAI_URL });
const anthropic = new Anthropic({ apiKey: "none", baseURL: process.env.ANTHROPIC_URL });

const kinds = [
  (content) => openai.chat.completions.create({ model: "gpt-5.4", messages: [{ role: "user", content }] }),
  (content) =>
    anthropic.messages.create({
      model: "claude-opus-4-6",
      max_tokens: 100,
      messages: [{ role: "user", content }],
    }),
  async (content) => {
    const asked = { stream: true, stream_options: { include_usage: true } };
    const body = { model: "gpt-5.4-mini", messages: [{ role: "user", content }], ...asked };
    for await (const _chunk of await openai.chat.completions.create(body));
  },
];

let made = 0;
const work = async (agent) => {
  while (made < Number(process.env.CALLS)) {
    const call = (made += 1);
    await withAgent(agent, () => kinds[call % kinds.length](`question ${call}`));
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.PACE_MILLIS)));
  }
};
await withTask({ feature: "load", customer: "acme" }, () => Promise.all(["reader", "writer", "checker"].map(work)));
setInterval(() => {}, 1_000);
console.log("ready");
