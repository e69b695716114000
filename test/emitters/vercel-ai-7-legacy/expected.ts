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
  ],
};
export default expected;
