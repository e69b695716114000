import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    {
      of: { status: 200 },
      facts: { cacheRead: null, reasoning: null, usage: "assumed" },
      because: "it records the two totals and no details of them",
    },
    {
      of: { stream: true },
      facts: { input: null, output: null },
      because: "it records no usage of streams",
    },
    {
      of: { api: "responses", stream: true },
      facts: { responseId: null },
      because: "it ends the span before the stream",
    },
    { of: { api: "embeddings" }, facts: undefined, because: "it does not observe embeddings" },
    { of: { status: 400 }, facts: undefined, because: "it does not end the span of a call that fails" },
  ],
};
export default expected;
