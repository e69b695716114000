import { formatSection, passes, type Section } from "./cost-comparison.ts";
import { priceExamples } from "./cost-examples.ts";
import { withCostLedger } from "./cost-ledger.ts";
import { priceOracle } from "./cost-oracle.ts";

export interface CostCasesOptions {
  /** Path of worked examples, priced through the ledger's SQL. */
  readonly costCases?: string | undefined;
  /** Path of interactions as another project prices them. */
  readonly oracle?: string | undefined;
  readonly json: boolean;
}

/** Prices the cases and prints what came out; true where all agreed and something was compared. */
export async function runCostCases({ costCases, oracle, json }: CostCasesOptions): Promise<boolean> {
  const sections: Section[] = [];
  if (costCases !== undefined) sections.push(...(await withCostLedger((target) => priceExamples(target, costCases))));
  if (oracle !== undefined) sections.push(...(await withCostLedger((target) => priceOracle(target, oracle))));
  const passed = sections.length > 0 && sections.every(passes);
  console.log(
    json
      ? JSON.stringify({ passed, sections }, null, 2)
      : `${sections.map(formatSection).join("\n\n")}\n\n${passed ? "conformant" : "NOT conformant"}`,
  );
  return passed;
}
