import type { Amount } from "../../data/money.ts";

/** A price in USD of one as that of a million, exact: the decimal point moves by six places. */
export function perMillion(price: Amount): string {
  if (price === null) return "no price";
  const [whole = "0", fraction = ""] = price.split(".");
  const digits = fraction.padEnd(6, "0");
  const cents = digits.slice(6).replace(/0+$/, "").padEnd(2, "0");
  return `${BigInt(whole + digits.slice(0, 6))}.${cents}`;
}
