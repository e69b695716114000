import { expect, test } from "vitest";
import { seriesOf } from "./series.ts";
import { secondsOf, stepFor, stepText } from "./time-steps.ts";

test("a name has nothing at a time where it has no point, and the dearest name by exact money is first", () => {
  const { times, series } = seriesOf([
    { time: 20, name: "small", amount: "0.300000000000001" },
    { time: 10, name: "large", amount: "0.100000000000001" },
    { time: 20, name: "large", amount: "0.200000000000001" },
  ]);
  expect(times).toEqual([10, 20]);
  expect(series).toMatchObject([
    { name: "large", points: ["0.100000000000001", "0.200000000000001"] },
    { name: "small", points: ["0", "0.300000000000001"] },
  ]);
});

test("a stretch of time is shown in steps that can be told apart", () => {
  const from = "2026-05-01 10:00:00.000000000";
  const steps = ["2026-05-01 10:00:01", "2026-05-20 00:00:00", "2026-12-01 00:00:00", "2031-01-01 00:00:00"];
  expect(steps.map((to) => stepFor(from, to))).toEqual(["hour", "day", "week", "month"]);
  expect(stepFor(null, null)).toBe("day");
});

test("when a step began is as short as it is clear", () => {
  const seconds = secondsOf("2026-05-04 09:00:00.000000000");
  expect(seconds).toBe(Date.UTC(2026, 4, 4, 9) / 1000);
  expect(stepText(seconds, "hour")).toBe("2026-05-04 09:00 UTC");
  expect(stepText(seconds, "week")).toBe("week of 2026-05-04");
  expect(stepText(seconds, "month")).toBe("2026-05");
});
