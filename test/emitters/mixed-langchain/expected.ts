import type { Expected } from "../harness/expected.ts";

const expected: Expected = {
  tools: ["look_up_price"],
  callers: ["", "", "", "", "fruit_seller", "fruit_seller"],
  fault:
    "calls of a framework that traces by callbacks are billed twice: our span is beside its span, without an id in common",
};
export default expected;
