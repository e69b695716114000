import { expect, test } from "vitest";
import type { PriceCoverage } from "../rows.ts";
import { priceFindings } from "./prices.ts";

const row = (reason: string, calls = "2"): PriceCoverage =>
  ({ reason, calls, model: "m", provider: "p" }) as PriceCoverage;

test("a missing price is to be added, missing counts are not", () => {
  const [price, counts, catalogue] = priceFindings([row("no price"), row("no usage", "1"), row("no catalogue")]);
  expect(price?.remedy).toBe("tokenledger prices explain m --provider p says what to do");
  expect(counts).toMatchObject({ found: "1 call of m (p) cost an unknown amount: no usage" });
  expect(counts?.remedy).toMatch(/^no price can help/);
  expect(catalogue?.remedy).toBe("tokenledger migrate");
});

test("calls that all have a price are no warning", () => {
  expect(priceFindings([row("")])).toMatchObject([{ level: "ok" }]);
});
