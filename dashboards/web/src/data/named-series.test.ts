import { expect, test } from "vitest";
import { namedSeries } from "./named-series.ts";

const rest = (names: number): string => `${names} others`;

test("series are largest first, and sum to all there is, to the last digit", () => {
  const amounts = [
    { time: 2, name: "a", amount: "0.000000000000001" },
    { time: 1, name: "b", amount: "5" },
    { time: 1, name: "a", amount: "1" },
    { time: 2, name: "c", amount: "0.1" },
    { time: 2, name: "d", amount: "0.2" },
    { time: 1, name: "d", amount: "0.2" },
  ];
  const { times, series } = namedSeries(amounts, 2, rest);
  expect(times).toEqual([1, 2]);
  expect(series).toEqual([
    { name: "b", total: "5.000000000000000", points: ["5.000000000000000", "0.000000000000000"] },
    { name: "a", total: "1.000000000000001", points: ["1.000000000000000", "0.000000000000001"] },
    { name: "2 others", total: "0.500000000000000", points: ["0.200000000000000", "0.300000000000000"] },
  ]);
});

test("one name too many is shown by itself: calling it the rest would save nothing", () => {
  const amounts = ["a", "b", "c"].map((name) => ({ time: 1, name, amount: "1" }));
  expect(namedSeries(amounts, 2, rest).series.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});
