import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: { status: 200 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "the SDK records the two totals and no details of them",
    },
    {
      of: { api: "conversations" },
      facts: { model: "", responseId: null },
      because: "a conversation's request names an agent, and its answer the model and an id in its entries alone",
    },
  ],
};
export default expected;
