import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [{ of: {}, facts: { responseId: null }, because: "it does not record ids of responses" }],
  agents: ["seller", "seller > price_agent"],
  tools: ["look_up_price"],
  callers: ["seller", "seller > price_agent", "seller > price_agent", "seller"],
};
export default expected;
