import { expect, test } from "vitest";
import { instantOf, nextInstant } from "./instant.ts";

test.each([
  ["2026-05-01 10:00:00.123456789", "2026-05-01 10:00:00.123456790"],
  ["2026-05-01 10:00:00.000000009", "2026-05-01 10:00:00.000000010"],
  ["2026-05-01 10:00:00", "2026-05-01 10:00:00.000000001"],
  ["2026-12-31 23:59:59.999999999", "2027-01-01 00:00:00.000000000"],
])("a nanosecond after %s is %s", (instant, next) => {
  expect(nextInstant(instant)).toBe(next);
  expect(instantOf(instant)).toEqual({ from: instant, to: next });
});
