import { priceTool } from "../conversation/content.mjs";
import type { Expected } from "../harness/expected.ts";

const { name } = priceTool;

// Calls of Anthropic's models have two spans: its SDK traces itself under the framework's span.
const expected: Expected = {
  agents: [
    "seller",
    "clerk",
    "nurse",
    "nurse",
    "nurse",
    "nurse",
    "thinker",
    "thinker",
    "desk",
    "desk > specialist",
    "greeter",
  ],
  tools: [name, name, "specialist", name],
  callers: [
    "seller",
    "seller",
    "clerk",
    "clerk",
    "nurse",
    "nurse",
    "nurse",
    "nurse",
    "thinker",
    "thinker",
    "desk",
    "desk > specialist",
    "desk > specialist",
    "desk",
    "",
    "greeter",
  ],
};
export default expected;
