import { fork } from "node:child_process";
import { once } from "node:events";
import { globexDraft, handbook, orders } from "./orders.mjs";
import { research } from "./research.mjs";

const tools = [
  {
    name: "commission_research",
    description: "Has a draft researched and written.",
    input_schema: { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] },
  },
  {
    name: "commission_review",
    description: "Has the draft at hand edited and its claims checked.",
    input_schema: { type: "object", properties: { checkClaims: { type: "boolean" } }, required: ["checkClaims"] },
  },
];

/** Serves every order, one after the other. */
export async function openDesk(sdk, reviewProgram) {
  // The Agents SDK would send its own traces to OpenAI; a sample has no business doing that.
  sdk.agents.setTracingDisabled(true);
  const anthropic = new sdk.Anthropic();
  for (const order of orders) {
    const task = { id: order.id, customer: order.customer, feature: order.feature };
    const answer = await sdk.withTask(task, () =>
      sdk.withAgent("desk", async () => {
        const text = await serve(sdk, anthropic, order, reviewProgram);
        sdk.recordOutcome("delivered");
        return text;
      }),
    );
    console.log(`${order.customer}: ${answer}`);
  }
}

/** The orchestrator: a tool loop over the raw SDK, whose tools are the other agents. */
async function serve(sdk, anthropic, order, reviewProgram) {
  let draft = globexDraft;
  const perform = {
    commission_research: async ({ topic }) => (draft = await research(sdk.agents, topic)),
    commission_review: ({ checkClaims }) => reviewInAnotherProcess(reviewProgram, { draft, checkClaims }),
  };
  const messages = [{ role: "user", content: order.text }];
  for (;;) {
    const reply = await anthropic.messages.create({
      model: "claude-opus-4-6",
      max_tokens: 4000,
      thinking: { type: "adaptive" },
      system: [{ type: "text", text: handbook, cache_control: { type: "ephemeral" } }],
      tools,
      messages,
    });
    const requests = reply.content.filter((block) => block.type === "tool_use");
    if (requests.length === 0) return reply.content.findLast((block) => block.type === "text").text;
    const results = await Promise.all(
      requests.map(async ({ id, name, input }) => ({
        type: "tool_result",
        tool_use_id: id,
        content: await perform[name](input),
      })),
    );
    messages.push({ role: "assistant", content: reply.content }, { role: "user", content: results });
  }
}

/** The editor and the checker work in a process of their own; trace, agent and task reach it all the same. */
async function reviewInAnotherProcess(program, request) {
  const child = fork(program);
  child.send(request);
  const exited = once(child, "exit");
  const [findings] = await Promise.race([once(child, "message"), exited.then(() => ["The review process failed."])]);
  await exited;
  return findings;
}
