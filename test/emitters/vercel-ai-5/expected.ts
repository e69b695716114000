import { vercelAiAgents } from "../conversation/vercel-ai-agents.ts";
import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  ...vercelAiAgents,
  differences: [
    {
      of: { provider: "openai", stream: false, status: 200 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "calls that do not stream say the two totals, and the provider hands on no details of its own",
    },
  ],
};
export default expected;
