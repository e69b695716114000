import { expect, test } from "vitest";
import { portionsOf } from "../src/settlement.ts";

test("days are explained together up to what memory allows, each once, and one that is larger by itself", () => {
  const sizes = [90_000, 100_000, 20_000, 500_000, 1, 199_999, 1];
  const days = sizes.map((size, index) => ({ day: `2026-05-0${index + 1}`, size }));
  expect(portionsOf(days)).toEqual([
    { first: "2026-05-01", last: "2026-05-02", size: 190_000 },
    { first: "2026-05-03", last: "2026-05-03", size: 20_000 },
    { first: "2026-05-04", last: "2026-05-04", size: 500_000 },
    { first: "2026-05-05", last: "2026-05-06", size: 200_000 },
    { first: "2026-05-07", last: "2026-05-07", size: 1 },
  ]);
  expect(portionsOf([])).toEqual([]);
});
