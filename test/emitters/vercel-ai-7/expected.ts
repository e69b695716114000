import { vercelAiAgents } from "../conversation/vercel-ai-agents.ts";
import type { Expected } from "../harness/expected.ts";

const { agents, tools, callers } = vercelAiAgents;

const expected: Expected = {
  agents,
  tools,
  // Embeddings do not say the name that they are traced under.
  callers: callers.map((caller) => (caller === "archivist" ? "" : caller)),
  differences: [
    { of: {}, facts: { reasoning: null }, because: "reasoning is told only by `new OpenTelemetry({ usage: true })`" },
    {
      of: { provider: "anthropic" },
      facts: { cacheWrite5m: null, cacheWrite1h: null },
      because: "what was written to the cache is one number, whatever its time to live",
    },
    {
      of: { provider: "anthropic", cacheWrite5m: 1_588 },
      facts: { cacheWrite: null, usage: "assumed" },
      because: "generateObject does not say what it wrote to the cache",
    },
  ],
};
export default expected;
