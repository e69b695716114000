/**
 * Formats a decimal string of USD, rounding half away from zero without ever passing through a float.
 * `null` is money nobody knows, which is not zero; nor is money too small to show.
 */
export function usd(amount: string | null, decimals = 4): string {
  if (amount === null) return "unknown";
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const digits = BigInt(whole + fraction.padEnd(decimals + 1, "0").slice(0, decimals + 1));
  const rounded = ((digits + 5n) / 10n).toString().padStart(decimals + 1, "0");
  if (/^0*$/.test(rounded) && /[1-9]/.test(amount)) return `${negative ? ">-" : "<"}$${smallest(decimals)}`;
  return `${negative ? "-" : ""}$${grouped(rounded.slice(0, -decimals))}.${rounded.slice(-decimals)}`;
}

/** The exact sum of decimal strings of USD, with fifteen decimals. */
export const sumUsd = (amounts: readonly string[]): string =>
  usdOf(amounts.reduce((sum, amount) => sum + unitsOf(amount), 0n));

/** The decimal string of USD, with fifteen decimals, of what {@link unitsOf} makes of one. */
export function usdOf(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(16, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -15)}.${digits.slice(-15)}`;
}

/** Which of two decimal strings of USD is more: above, below or equal to 0. */
export function compareUsd(one: string, other: string): number {
  const difference = unitsOf(one) - unitsOf(other);
  if (difference === 0n) return 0;
  return difference > 0n ? 1 : -1;
}

/** In units of the fifteenth decimal, as far as the ledger counts, so that sums are exact; what lies below is cut off. */
export function unitsOf(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.slice(0, 15).padEnd(15, "0"));
  return amount.startsWith("-") ? -units : units;
}

/** Money of which a part may be unknown: `$1.20 +?`, and `unknown` where nothing of it is known. */
export function knownUsd(known: string | null, incomplete: boolean): string {
  if (!incomplete || known === null) return usd(known);
  return /[1-9]/.test(known) ? `${usd(known)} +?` : usd(null);
}

/** Formats a count of tokens, calls or requests; `null` is a count nobody reported. */
export function count(value: string | number | null): string {
  return value === null ? "unknown" : grouped(String(value));
}

/** A large count in the least room: `551 k`, `7.8 M`; small ones are written out. */
export function compact(value: string | number | null): string {
  const number = Number(value);
  if (value === null || number < 100_000) return count(value);
  return number < 1_000_000 ? `${Math.round(number / 1000)} k` : `${(number / 1_000_000).toFixed(1)} M`;
}

/** Share of `part` in `whole` in percent, `–` where there is no whole. */
export function share(part: string | null, whole: string | null): string {
  const [numerator, denominator] = [Number(part), Number(whole)];
  if (part === null || whole === null || !(denominator > 0)) return "–";
  return `${Math.round((100 * numerator) / denominator)} %`;
}

/** Nanoseconds as `12 ms`, `3.4 s` or `2 m 05 s`. */
export function duration(nanoseconds: string | number): string {
  const seconds = Number(nanoseconds) / 1e9;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} m ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

const smallest = (decimals: number): string => `0.${"1".padStart(decimals, "0")}`;
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");
