import type { Expected } from "../harness/expected.ts";

// Our spans are the bill, and stand beside LangChain's agent, which does not make its span the active one.
const expected: Expected = { tools: ["look_up_price"] };
export default expected;
