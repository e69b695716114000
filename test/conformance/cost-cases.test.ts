import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { passes } from "./cost-comparison.ts";
import { priceExamples } from "./cost-examples.ts";
import { explanations } from "./cost-explanations.ts";
import { withCostLedger } from "./cost-ledger.ts";
import { priceOracle } from "./cost-oracle.ts";

/** Starting a server and publishing every price takes its time on a busy machine. */
const timeout = 240_000;
const data = resolve(import.meta.dirname, "../../../shared/data");
const costCases = resolve(data, "cost_cases.json");
const oracle = resolve(data, "oracle_genai_prices.json");
for (const file of [costCases, oracle]) if (!existsSync(file)) console.log(`prices left out: there is no ${file}`);

describe("amounts in the ledger", () => {
  test.skipIf(!existsSync(costCases))("equal worked examples within a millionth of a dollar", { timeout }, async () => {
    const sections = await withCostLedger((target) => priceExamples(target, costCases));
    expect(
      sections.flatMap(({ title, judged }) => judged.filter(({ agrees }) => !agrees).map((one) => [title, one])),
    ).toEqual([]);
    expect(sections.every(passes)).toBe(true);
  });

  test.skipIf(!existsSync(oracle))(
    "equal another project's prices, or differ for a written reason",
    { timeout },
    async () => {
      const [section] = await withCostLedger((target) => priceOracle(target, oracle));
      expect(section?.judged.filter(({ agrees }) => !agrees)).toEqual([]);
      const judged = new Set(section?.judged.map(({ id }) => id));
      expect(judged.size).toBeGreaterThan(250);
      expect(Object.keys(explanations).filter((id) => !judged.has(id))).toEqual([]);
    },
  );
});
