import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [{ of: {}, facts: { responseId: null }, because: "its logs tell no ids of responses" }],
  tools: ["exec_command"],
};
export default expected;
