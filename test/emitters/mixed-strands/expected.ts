import strands from "../agents-strands/expected.ts";
import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  ...strands,
  differences: [],
  fault: "calls of Strands are billed twice: it does not make its span the active one, so ours is in no relation to it",
};
export default expected;
