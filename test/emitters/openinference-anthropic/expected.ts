import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    { of: {}, facts: { responseId: null }, because: "it does not record ids of responses" },
    {
      of: {},
      facts: { cacheWrite5m: null, cacheWrite1h: null },
      because: "it records writes to the cache without their time to live",
    },
    { of: {}, facts: { reasoning: null }, because: "it does not record reasoning" },
  ],
};
export default expected;
