import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  differences: [
    { of: {}, facts: { responseId: null }, because: "it does not record ids of responses" },
    { of: { api: "embeddings" }, facts: { input: null, output: null }, because: "it records no usage of embeddings" },
  ],
};
export default expected;
