import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: {},
      facts: { cacheRead: null, reasoning: null },
      because: "it records the two totals and no details of them",
    },
  ],
};
export default expected;
