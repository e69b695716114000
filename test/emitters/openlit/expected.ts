import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    { of: { api: "chat" }, facts: { reasoning: null }, because: "it records reasoning of the Responses API alone" },
    {
      of: { api: "messages" },
      facts: { cacheWrite5m: null, cacheWrite1h: null, reasoning: null },
      because: "it records writes to the cache without their time to live, and no reasoning",
    },
    {
      of: { api: "messages", stream: true },
      facts: ({ output }) => ({ output: output + 1 }),
      because: "it adds the first event's placeholder of one token to the final count",
    },
  ],
};
export default expected;
