import { describe, expect, test } from "vitest";
import { formatPrice, multiplyPrice, parsePrice } from "./decimal.ts";

const perMillion = (text: string) => formatPrice(parsePrice(text, 6) ?? -1n);

describe("prices as decimals", () => {
  test("a price per million becomes a price per token without a binary digit", () => {
    expect(perMillion("0.1")).toBe("0.0000001");
    expect(perMillion("37.50")).toBe("0.0000375");
    expect(perMillion("2.5e-1")).toBe("0.00000025");
    expect(perMillion("60")).toBe("0.00006");
  });

  test("only digits beyond the scale are rounded, half up", () => {
    expect(perMillion("0.08333333333333333")).toBe("0.000000083333333");
    expect(perMillion("0.0000000005")).toBe("0.000000000000001");
    expect(perMillion("0.0000000004")).toBe("0");
  });

  test("factors multiply exactly", () => {
    expect(multiplyPrice("0.000000125", "1.1")).toBe("0.0000001375");
    expect(multiplyPrice("0.000000000000001", "0.5")).toBe("0.000000000000001");
    expect(() => multiplyPrice("1", "half")).toThrow("half");
  });

  test("what is no price is told apart from zero", () => {
    expect(parsePrice("0")).toBe(0n);
    const texts = ["", "-1", "1.", ".5", "NaN", "1,5", "0x10", "1e9999", " 1"];
    expect(texts.filter((text) => parsePrice(text) !== undefined)).toEqual([]);
  });
});
