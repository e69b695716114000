import { knownUsd, usd } from "../../../../packages/cli/src/output/numbers.ts";

// Numbers read the same on the page and on the command line.
export {
  compact,
  compareUsd,
  count,
  duration,
  share,
  sumUsd,
  unitsOf,
  usd,
  usdOf,
} from "../../../../packages/cli/src/output/numbers.ts";

/** Money and 64-bit counts as decimal strings, `null` where nobody knows. */
export type Amount = string | null;

/** Money of which a part may be unknown: `at least $1.20`, and `unknown` where nothing of it is known. */
export function atLeast(known: Amount, isIncomplete: boolean, decimals = 4): string {
  if (!isIncomplete || known === null) return usd(known, decimals);
  return knownUsd(known, true) === usd(null) ? usd(null) : `at least ${usd(known, decimals)}`;
}

/** For the length of a bar or the height of a curve, and nothing that is read: money there stays a decimal string. */
export const drawn = (amount: Amount): number => (amount === null ? 0 : Number(amount));

/** An estimate of money, which views give as a number, as the amount it is about. */
export const estimated = (value: number | null): Amount => (value === null ? null : value.toFixed(6));
