import { expect, test } from "vitest";
import { perMillion } from "./per-million.ts";

test.each([
  ["0.000005", "5.00"],
  ["0.00000625", "6.25"],
  ["0.000000000003", "0.000003"],
  ["0.01", "10000.00"],
  ["12", "12000000.00"],
  [null, "no price"],
])("%s a token is %s a million", (price, expected) => {
  expect(perMillion(price)).toBe(expected);
});
