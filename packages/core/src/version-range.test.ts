import { expect, test } from "vitest";
import { isWithin } from "./version-range.ts";

test.each([
  ["4.19.0", true],
  ["4.18.9", false],
  ["7.99.99", true],
  ["8.0.0", false],
  ["10.0.0", false],
  ["5.0.0+build.1", true],
  ["5.0.0-beta.1", false],
  ["next", false],
  [undefined, false],
])("%s within >=4.19.0 <8 is %s", (version, within) => {
  expect(isWithin(version, ">=4.19.0 <8")).toBe(within);
});

test("a range in another form is refused by name", () => {
  expect(() => isWithin("1.0.0", "^1.0.0")).toThrow('"^1.0.0"');
});
