import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [{ of: {}, facts: { responseId: null }, because: "its logs tell no ids of responses" }],
  tools: ["list_directory"],
};
export default expected;
