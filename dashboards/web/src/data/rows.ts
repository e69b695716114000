// What the views answer is spelled once: the command line reads the same rows.
export type {
  AgentCost,
  LedgerTotal,
  PriceAge,
  PriceCoverage,
  StepCost,
  UsageCoverage,
} from "../../../../packages/cli/src/rows.ts";
export type { Saving } from "../../../../packages/cli/src/commands/waste-text.ts";
