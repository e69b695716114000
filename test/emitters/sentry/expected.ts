import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    { of: {}, facts: { reasoning: null }, because: "it does not record reasoning" },
    {
      of: { provider: "anthropic" },
      facts: { cacheWrite5m: null, cacheWrite1h: null },
      because: "it records writes to the cache without their time to live",
    },
  ],
};
export default expected;
