import { feeModel, type ComparedDay } from "./comparison.ts";

/** A model whose bill is the same part of the ledger's amount on every day. */
export interface ConstantRatio {
  readonly model: string;
  /** Bill over ledger. */
  readonly ratio: number;
  readonly days: number;
}

/** Ratios of days that are the same but for rounding. */
const sameness = 0.002;

/** Finds models that the bill charges at one rate throughout: a discount, a tier or a region that the ledger does not know of. */
export function constantRatios(days: readonly ComparedDay[]): ConstantRatio[] {
  return [...Map.groupBy(days, ({ model }) => model)].flatMap(([model, rows]) => {
    const both = rows.filter((row) => Number(row.bill_usd) > 0.001 && Number(row.ledger_usd) > 0.001);
    const ratios = both.map((row) => Number(row.bill_usd) / Number(row.ledger_usd));
    const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
    const off = Math.abs(highest - 1) > sameness;
    if (model === feeModel || both.length < 2 || highest - lowest > sameness || !off) return [];
    return [{ model, ratio: Math.round(((lowest + highest) / 2) * 1000) / 1000, days: both.length }];
  });
}
