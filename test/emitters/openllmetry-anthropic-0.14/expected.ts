import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: {},
      facts: { responseId: null, reasoning: null },
      because: "it records neither ids of responses nor reasoning",
    },
    {
      of: { status: 200 },
      facts: ({ input, cacheRead, cacheWrite5m, cacheWrite1h }) => ({
        input: input - cacheRead - cacheWrite5m - cacheWrite1h,
        cacheRead: null,
        cacheWrite: null,
        cacheWrite5m: null,
        cacheWrite1h: null,
        usage: "partial",
      }),
      because: "it records what the provider calls input_tokens, which leave out the cache, and no count of the cache",
    },
  ],
};
export default expected;
