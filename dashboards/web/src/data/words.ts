// The page and the command line call things by the same names.
export { measureNames } from "../../../../packages/cli/src/measures.ts";
export { causeText, reasonText } from "../../../../packages/cli/src/output/ledger-words.ts";

/** What stands where a call carries no name. */
export const nameOr = (name: string, none = "none named"): string => (name === "" ? `(${none})` : name);

/** `1 call`, `2 calls`: a count as the views write it, with its noun. */
export const counted = (number: string | number, one: string, many = `${one}s`): string =>
  `${String(number).replaceAll(/\B(?=(\d{3})+$)/g, ",")} ${String(number) === "1" ? one : many}`;

/** What the savings take for granted about history, as the command line does. */
export { usualHistory } from "../../../../packages/cli/src/usual-history.ts";
