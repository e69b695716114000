import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    { of: {}, facts: { responseId: null }, because: "it does not record ids of responses" },
    {
      of: { api: "chat", stream: true },
      facts: { input: null, cacheRead: null, output: null, reasoning: null },
      because: "its stream of chat ends before the chunk with the usage",
    },
    { of: { api: "embeddings" }, facts: { input: null, output: null }, because: "it records no usage of embeddings" },
    { of: { status: 400 }, facts: undefined, because: "it does not end the span of a call that fails" },
  ],
};
export default expected;
