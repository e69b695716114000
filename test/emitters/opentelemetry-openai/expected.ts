import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: { status: 200 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "it records the two totals and no details of them",
    },
  ],
};
export default expected;
