import type { Bill } from "./bill.ts";
import { absolute, formatMoney, halfUnit, type Money, parseMoney } from "./money.ts";

/** A row of the view `billed_day`. */
export interface BilledDay {
  day: string;
  provider: string;
  billed_model: string;
  reported_models: readonly string[];
  calls: string;
  known_cost_usd: string;
  tool_fee_usd: string;
  unpriced_calls: string;
  unknown_usage_calls: string;
  estimated_calls: string;
  estimated_cost_usd: string;
  other_tier_calls: string;
  other_tiers: readonly string[];
}

/** A day and model of bill and ledger, side by side; money as exact decimals. */
export interface ComparedDay {
  readonly day: string;
  /** As the catalogue calls it; `fees` for what the bill lists without a model. */
  readonly model: string;
  readonly bill_usd: string;
  readonly ledger_usd: string;
  /** Bill less ledger. */
  readonly difference_usd: string;
  readonly calls: string;
  /** What accounts for the difference, or may; empty: nothing is known that would. */
  readonly explained_by: readonly string[];
}

/** What a bill lists without a model: searches, sessions, storage. */
export const feeModel = "fees";

/**
 * Compares a bill with the ledger, day by day and model by model.
 *
 * @param modelOf What the catalogue calls a model of the bill.
 */
export function compareBill(
  bill: Bill,
  ledger: readonly BilledDay[],
  modelOf: (name: string) => string,
): ComparedDay[] {
  const days = new Map<string, Side>();
  const side = (day: string, model: string): Side => {
    const key = JSON.stringify([day, model]);
    const found = days.get(key) ?? { day, model, billed: 0n, rounding: 0n, lines: 0, rows: [], owed: 0n };
    days.set(key, found);
    return found;
  };
  for (const { day, model, amount, decimals } of bill.lines) {
    const found = side(day, model === "" ? feeModel : modelOf(model));
    found.billed += amount;
    found.rounding += halfUnit(decimals);
    found.lines += 1;
  }
  const feesApart = [...days.values()].some(({ model }) => model === feeModel);
  const covered = new Set(bill.days);
  for (const row of ledger.filter(({ day }) => covered.has(day))) {
    const fee = feesApart ? amountOf(row.tool_fee_usd) : 0n;
    const found = side(row.day, row.billed_model);
    found.rows.push(row);
    found.owed += amountOf(row.known_cost_usd) - fee;
    if (fee > 0n) side(row.day, feeModel).owed += fee;
  }
  return [...days.values()]
    .toSorted((one, other) => one.day.localeCompare(other.day) || one.model.localeCompare(other.model))
    .map(compared);
}

interface Side {
  readonly day: string;
  readonly model: string;
  billed: Money;
  /** As far as the bill's amounts may be off by being rounded. */
  rounding: Money;
  lines: number;
  readonly rows: BilledDay[];
  owed: Money;
}

function compared(side: Side): ComparedDay {
  const { day, model, billed, owed, rows } = side;
  return {
    day,
    model,
    bill_usd: formatMoney(billed),
    ledger_usd: formatMoney(owed),
    difference_usd: formatMoney(billed - owed),
    calls: String(sumOf(rows, "calls")),
    explained_by: billed === owed ? [] : explanations(side),
  };
}

function explanations({ billed, owed, rounding, lines, rows, model }: Side): string[] {
  if (lines > 0 && absolute(billed - owed) <= rounding) return ["rounding"];
  if (rows.length === 0 && owed === 0n)
    return [`not in the ledger: ${model === feeModel ? "fees" : "calls"} it never saw`];
  if (lines === 0) return ["not on the bill: another account, or billed on another day"];
  const [unpriced, unknown, estimated, others] = (
    ["unpriced_calls", "unknown_usage_calls", "estimated_calls", "other_tier_calls"] as const
  ).map((column) => sumOf(rows, column));
  const missing = billed > owed;
  const tiers = [...new Set(rows.flatMap(({ other_tiers }) => other_tiers))].join(", ");
  return [
    ...(missing && unpriced ? [`${calls(unpriced)} without a price`] : []),
    ...(missing && unknown ? [`${calls(unknown)} whose usage nobody reported`] : []),
    ...(estimated ? [`${calls(estimated)} counted here, by estimate`] : []),
    ...(others ? [`${calls(others)} at other tiers (${tiers})`] : []),
  ];
}

const calls = (amount: bigint): string => (amount === 1n ? "1 call" : `${amount} calls`);

const sumOf = (
  rows: readonly BilledDay[],
  column: "calls" | "unpriced_calls" | "unknown_usage_calls" | "estimated_calls" | "other_tier_calls",
): bigint => rows.reduce((total, row) => total + BigInt(row[column]), 0n);

const amountOf = (text: string): Money => parseMoney(text)?.amount ?? 0n;
