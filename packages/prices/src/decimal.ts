/** Digits after the decimal point of a price per unit: `Decimal(18, 15)` in the tables. */
const priceScale = 15;

const one = 10n ** BigInt(priceScale);
const pattern = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a non-negative decimal number exactly, as an integer count of 10^-15.
 *
 * @param perUnits Power of ten of the units that the number is a price of: 6 for a price per million.
 * @returns `undefined` where the text is no such number. Digits beyond the scale are rounded half up;
 *   of the published prices only recurring decimals have any.
 */
export function parsePrice(text: string, perUnits: number = 0): bigint | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const shift = priceScale - fraction.length + Number(exponent) - perUnits;
  const digits = BigInt(whole + fraction);
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, 10n ** BigInt(-shift));
}

/**
 * The product of two decimals, rounded half up to the scale.
 *
 * @throws RangeError where one of them is no such number.
 */
export function multiplyPrice(price: string, factor: string): string {
  const [scaledPrice, scaledFactor] = [parsePrice(price), parsePrice(factor)];
  if (scaledPrice === undefined || scaledFactor === undefined) throw new RangeError(`no decimals: ${price}, ${factor}`);
  return formatPrice(divideHalfUp(scaledPrice * scaledFactor, one));
}

/**
 * One decimal by another, rounded half up to the scale.
 *
 * @throws RangeError where one of them is no such number, or the divisor is 0.
 */
export function divideDecimals(dividend: string, divisor: string): string {
  const [scaledDividend, scaledDivisor] = [parsePrice(dividend), parsePrice(divisor)];
  if (scaledDividend === undefined || !scaledDivisor)
    throw new RangeError(`not to be divided: ${dividend}, ${divisor}`);
  return formatPrice(divideHalfUp(scaledDividend * one, scaledDivisor));
}

/** Writes a scaled price as a decimal without trailing zeros. */
export function formatPrice(price: bigint): string {
  const fraction = (price % one).toString().padStart(priceScale, "0").replace(/0+$/, "");
  return `${price / one}${fraction ? `.${fraction}` : ""}`;
}

function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}
