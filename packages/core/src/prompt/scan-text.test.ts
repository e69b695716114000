import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, it } from "vitest";
import { scanText } from "./scan-text.ts";

const prose =
  "The committee met on Tuesday to consider the harbour's budget. Nobody had expected the dredging to cost so much, " +
  "and the engineer, who had warned them twice, said nothing. They adjourned before noon without a decision.";
const code = `export function total(rows: readonly Row[]): number {
  let sum = 0;
  for (const { price, count } of rows) sum += price * count;
  return Math.round(sum * 100) / 100;
}`;
const json = JSON.stringify(
  Array.from({ length: 8 }, (_, id) => ({ id, city: "Oslo", temperature: 11.5, wind: { speed: 4, from: "SW" } })),
);
const chinese = "今天的天气很好，我们决定去公园散步。孩子们在湖边喂鸭子，老人们坐在树下聊天。";

it.each([
  ["prose", prose],
  ["code", code],
  ["JSON", json],
  ["Chinese", chinese],
])("estimates the tokens of %s within 30 %% of a real tokenizer", (_, text) => {
  const truth = countTokens(text);
  expect(Math.abs(scanText(text).tokens - truth) / truth).toBeLessThan(0.3);
});

it("tells structure from text", () => {
  expect(scanText(json).markup).toBeGreaterThan(0.3);
  expect(scanText(prose).markup).toBe(0);
  expect(scanText("")).toEqual({ tokens: 0, markup: 0, words: new Int32Array() });
  expect(scanText("a".repeat(8_000)).tokens).toBe(1_000);
});

it("sees the same words however they are spaced", () => {
  const words = (text: string): number[] => [...scanText(text).words];
  expect(words('{ "a": [1,\n   2] }')).toEqual(words('{ "a":   [1, 2] }'));
  expect(words("one two")).not.toEqual(words("two one"));
});
