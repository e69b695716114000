/** Digits after the point: more than any bill or ledger has. */
const scale = 18;

/** An exact amount, as a count of 10^-18. */
export type Money = bigint;

/**
 * Reads a decimal, `1.2e-7` and signs included. JSON numbers come as the shortest text that means them.
 *
 * @returns `undefined` where the text is no number.
 */
export function parseMoney(text: string): { amount: Money; decimals: number } | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole + fraction === "") return undefined;
  const decimals = Math.max(0, fraction.length - Number(exponent));
  const shift = scale - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const amount = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return { amount: sign === "-" ? -amount : amount, decimals };
}

/** Writes an amount as a decimal. */
export function formatMoney(amount: Money): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(scale + 1, "0");
  const fraction = digits.slice(-scale).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -scale)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Half of the last digit that a number of decimals can show. */
export const halfUnit = (decimals: number): Money => 10n ** BigInt(scale - Math.min(decimals, scale)) / 2n;

export const absolute = (amount: Money): Money => (amount < 0n ? -amount : amount);
