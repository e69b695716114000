import { vercelAiAgents } from "../conversation/vercel-ai-agents.ts";
import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  ...vercelAiAgents,
  differences: [
    {
      of: { api: "embeddings" },
      facts: { usage: "assumed" },
      because: "embeddings say one total",
    },
    {
      of: { provider: "openai", stream: false, input: 9 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "generateObject says the two totals, and the provider hands on no details of its own",
    },
  ],
};
export default expected;
