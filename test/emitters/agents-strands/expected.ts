import { priceTool } from "../conversation/content.mjs";
import type { Expected } from "../harness/expected.ts";

const { name } = priceTool;
const desk = ["desk", "desk > specialist", "desk > specialist", "desk"];

const expected: Expected = {
  agents: ["seller", "seller", "nurse", "thinker", "desk", "desk > specialist", "thinker"],
  tools: [name, name, name, "specialist", name],
  callers: ["seller", "seller", "seller", "seller", "nurse", "nurse", "thinker", ...desk, "thinker"],
  differences: [
    {
      of: {},
      facts: { responseId: null, cacheWrite5m: null, reasoning: null },
      because: "it records neither ids of responses, nor times to live of cache writes, nor reasoning",
    },
  ],
};
export default expected;
