import { priceTool } from "../conversation/content.mjs";
import type { Expected } from "../harness/expected.ts";

const { name } = priceTool;
const seller = "seller";

// Three calls for each of three majors, then one that our hook traces.
const expected: Expected = {
  agents: [seller, seller, seller, seller, seller, seller],
  tools: [name, name, name],
  callers: [seller, seller, seller, seller, seller, seller, seller, seller, seller, ""],
  differences: [
    {
      of: { provider: "openai", input: 71 },
      facts: { usage: "assumed" },
      because: "calls of AI SDK 5 that do not stream say the two totals",
    },
    {
      of: { provider: "openai", input: 112 },
      facts: { usage: "assumed" },
      because: "calls of AI SDK 5 that do not stream say the two totals",
    },
  ],
};
export default expected;
