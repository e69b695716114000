import { compareUsd, sumUsd } from "../../data/money.ts";

/** What some calls cost, and would have cost: a row of any view `what_if_…`. */
export interface Alternative {
  /** Of caching; rows of different plans are alternatives to each other. */
  readonly plan?: string;
  readonly provider: string;
  readonly model: string;
  readonly agent_name: string;
  readonly calls: string;
  readonly changed_calls: string;
  readonly unpriced_calls: string;
  readonly unrecorded_calls?: string;
  readonly cost_usd: string | null;
  readonly known_cost_usd: string;
  readonly what_if_cost_usd: string;
  readonly saved_usd: string;
  readonly least_saved_usd?: string;
  readonly most_saved_usd?: string;
  readonly break_even_tokens?: number | null;
}

/** The sum of an answer: what was billed, and between which bounds an alternative lies. */
export interface Outcome {
  readonly billed: string;
  /** Of the alternative as it is asked for. */
  readonly cost: string;
  readonly saved: string;
  /** Bounds of what is saved; equal where the answer is exact arithmetic. */
  readonly least: string;
  readonly most: string;
  readonly calls: string;
  readonly changed: string;
  readonly unpriced: string;
  readonly unrecorded: string;
}

/** Adds up rows that are no alternatives to each other. */
export function outcomeOf(rows: readonly Alternative[]): Outcome {
  const money = (of: (row: Alternative) => string): string => sumUsd(rows.map(of));
  const counted = (of: (row: Alternative) => string | undefined): string =>
    String(rows.reduce((sum, row) => sum + BigInt(of(row) ?? "0"), 0n));
  return {
    billed: money((row) => row.known_cost_usd),
    cost: money((row) => row.what_if_cost_usd),
    saved: money((row) => row.saved_usd),
    least: money((row) => row.least_saved_usd ?? row.saved_usd),
    most: money((row) => row.most_saved_usd ?? row.saved_usd),
    calls: counted((row) => row.calls),
    changed: counted((row) => row.changed_calls),
    unpriced: counted((row) => row.unpriced_calls),
    unrecorded: counted((row) => row.unrecorded_calls),
  };
}

/** The outcome of one plan, with the other one as its bound. */
export function outcomeBetween(plan: Outcome, best: Outcome): Outcome {
  const [least, most] = compareUsd(plan.saved, best.saved) <= 0 ? [plan.saved, best.saved] : [best.saved, plan.saved];
  return { ...plan, least, most };
}

/** Whether an outcome is a range rather than a figure. */
export const isRange = ({ least, most }: Outcome): boolean => compareUsd(least, most) !== 0;
