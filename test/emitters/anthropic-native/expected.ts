import { priceTool } from "../conversation/content.mjs";
import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  agents: [""],
  tools: [priceTool.name],
  differences: [
    {
      of: { stream: true, input: 7 },
      facts: { output: null, reasoning: null },
      because: "the program left the stream before the provider said what it had put out",
    },
  ],
};
export default expected;
