import { expect, test } from "vitest";
import { fittedLines } from "./fitted-lines.ts";

test("words are set on as many lines as there are, and cut where there are no more", () => {
  expect(fittedLines("read again, from the cache", 400, 2)).toEqual(["read again, from the cache"]);
  expect(fittedLines("read again, from the cache", 120, 2)).toEqual(["read again, from", "the cache"]);
  expect(fittedLines("read again, from the cache", 90, 1)).toEqual(["read again,…"]);
});

test("a name without spaces is cut, not broken", () => {
  expect(fittedLines("claude-opus-4-6-20260101", 90, 2)).toEqual(["claude-opus…"]);
});

test("nothing is written where a word would not be read", () => {
  expect(fittedLines("reasoning", 20, 2)).toEqual([]);
  expect(fittedLines("reasoning", 200, 0)).toEqual([]);
});
