import fc from "fast-check";
import { expect, test } from "vitest";
import { count, duration, knownUsd, share, usd } from "./numbers.ts";
import { plain } from "./text.ts";

test("money is rounded on its digits, however large", () => {
  expect(usd("0.000000000000000")).toBe("$0.0000");
  expect(usd("0.000049999999999")).toBe("<$0.0001");
  expect(usd("0.00005")).toBe("$0.0001");
  expect(usd("12345678901234567890.123450000000000")).toBe("$12,345,678,901,234,567,890.1235");
  expect(usd("-0.00001")).toBe(">-$0.0001");
  expect(usd("-2.5", 2)).toBe("-$2.50");
});

test("what nobody reported is said to be unknown", () => {
  expect(usd(null)).toBe("unknown");
  expect(count(null)).toBe("unknown");
  expect(share("1", "0")).toBe("–");
});

test("counts and durations read at a glance", () => {
  expect(count("1234567")).toBe("1,234,567");
  expect(duration("1500000")).toBe("2 ms");
  expect(duration("125000000000")).toBe("2 m 05 s");
});

test("no name can steer the terminal", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const shown = plain(name);
      expect(Array.from(shown).every((character) => (character.codePointAt(0) ?? 0) >= 32)).toBe(true);
      expect(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u.test(shown)).toBe(false);
    }),
  );
  expect(plain("a\u001b]52;c;x\u0007b")).toBe("a\\x1b]52;c;x\\x07b");
});

test("money of which nothing is known is not shown as none", () => {
  expect(knownUsd("0.000000000000000", true)).toBe("unknown");
  expect(knownUsd("0.000000000000001", true)).toBe("<$0.0001 +?");
  expect(knownUsd("0.000000000000000", false)).toBe("$0.0000");
  expect(knownUsd(null, false)).toBe("unknown");
});
