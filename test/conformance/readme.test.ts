import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withTables } from "../../scripts/readme.ts";

test("the README's tables say what the code says (node scripts/readme.ts writes them)", () => {
  const text = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(withTables(text)).toBe(text);
});
