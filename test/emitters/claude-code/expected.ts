import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: {},
      facts: { responseId: null, reasoning: null },
      because: "its spans and logs know a call by the id of its request, and count no thinking apart",
    },
  ],
  agents: ["claude-code", "claude-code"],
  tools: ["Bash"],
  callers: ["claude-code", "claude-code", "claude-code"],
};
export default expected;
