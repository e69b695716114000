import { UsageError } from "../usage-error.ts";
import { type Money, parseMoney } from "./money.ts";

/** A line of a provider's bill. */
interface BillLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** As the bill names it; empty where the line names no model, as fees of tools do. */
  readonly model: string;
  /** What the line is for, as the bill says. */
  readonly item: string;
  readonly amount: Money;
  /** Digits after the point that the bill shows of it, in USD. */
  readonly decimals: number;
}

/** A bill as one file holds it. */
export interface Bill {
  readonly lines: readonly BillLine[];
  /** Days that it covers, those without any cost included. */
  readonly days: readonly string[];
  /** What is doubtful about the file itself. */
  readonly notes: readonly string[];
}

/** An object of a file, its members as they are. */
export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : "";
};

/** The pages of an API's answer: one object, a list of them, or one a line. */
export function pagesIn(file: string, text: string): Fields[] {
  const pages = parsed(text) ?? text.split("\n").flatMap((line) => (line.trim() === "" ? [] : (parsed(line) ?? [{}])));
  if (pages.length > 0 && pages.every((page) => Array.isArray(page["data"]))) return pages;
  throw new UsageError(
    `${file} holds no pages of a cost report: each is an object with a list of buckets under "data"`,
  );
}

function parsed(text: string): Fields[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map((page) => (isObject(page) ? page : {}));
  } catch {
    return undefined;
  }
}

export const bucketsOf = (pages: readonly Fields[]): Fields[] =>
  pages.flatMap((page) => (page["data"] as unknown[]).filter(isObject));

export const resultsOf = (bucket: Fields): Fields[] => {
  const results = bucket["results"];
  return Array.isArray(results) ? results.filter(isObject) : [];
};

/** What is said where the last page promises another. */
export const unfinished = (pages: readonly Fields[]): string[] =>
  pages.at(-1)?.["has_more"] === true ? ["the last page says there is another: the bill is not whole"] : [];

/** Reads an amount of USD. @throws UsageError where it is none, or of another currency */
export function amountIn(file: string, value: unknown, currency: unknown): { amount: Money; decimals: number } {
  const money = typeof value === "number" || typeof value === "string" ? parseMoney(String(value)) : undefined;
  if (money === undefined) throw new UsageError(`${file}: ${JSON.stringify(value)} is no amount`);
  if (typeof currency === "string" && currency !== "" && currency.toLowerCase() !== "usd")
    throw new UsageError(`${file}: the ledger counts in USD, this bill in ${currency}`);
  return money;
}
