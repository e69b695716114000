/** A decimal as ClickHouse writes it, in units of 10^-15. */
function exactUnits(amount: unknown): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,15}))?$/.exec(String(amount)) ?? [];
  if (whole === "") throw new Error(`"${String(amount)}" is no decimal`);
  return BigInt(`${sign}${whole}${fraction.padEnd(15, "0")}`);
}

/** Sum of decimals to the last digit, in units of 10^-15. */
export const exactSum = (amounts: readonly unknown[]): bigint =>
  amounts.reduce<bigint>((total, amount) => total + exactUnits(amount), 0n);
