import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: { status: 200 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "it records the two totals and no details of them",
    },
  ],
  agents: ["seller", "seller > price_agent"],
  tools: ["look_up_price"],
  callers: ["seller", "seller > price_agent", "seller > price_agent", "seller"],
};
export default expected;
