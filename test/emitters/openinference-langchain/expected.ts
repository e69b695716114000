import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [{ of: {}, facts: { responseId: null }, because: "it does not record ids of responses" }],
  tools: ["look_up_price"],
  callers: ["", "", "", "", "fruit_seller", "fruit_seller"],
};
export default expected;
