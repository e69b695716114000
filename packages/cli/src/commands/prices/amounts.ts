import { UsageError } from "../../usage-error.ts";

/** `input=2.10 output=12.60` as an object; whether components and amounts are right is for the price file to say. */
export function amountsOf(option: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, component, amount] = /^([a-z0-9_]+)=(.+)$/.exec(pair) ?? [];
      if (component === undefined || amount === undefined)
        throw new UsageError(`${option}: "${pair}" says no amount; write input=2.50`);
      return [component, amount];
    }),
  );
}

/** The same where amounts are counts. */
export function countsOf(option: string, pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(amountsOf(option, pairs)).map(([component, amount]) => [component, Number(amount)]),
  );
}
