import type { Expected } from "../harness/expected.ts";

const expected: Expected = {};
export default expected;
