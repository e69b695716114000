import type { ViewDescription } from "@tokenledger/clickhouse";
import { Refusal } from "@tokenledger/local";

interface Kind {
  readonly pattern: RegExp;
  readonly what: string;
}

const instant: Kind = {
  pattern: /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/,
  what: "an instant such as 2026-11-01 or 2026-11-01T12:00:00Z",
};
const wholeNumber: Kind = { pattern: /^\d{1,15}$/, what: "a whole number" };
const number: Kind = { pattern: /^-?\d{1,15}(?:\.\d{1,15})?$/, what: "a number" };

/** What the address of a view must not lack or hold, beside its parameters. */
const others = new Set(["format"]);

/**
 * The parameters of a view out of an address: each one the view's own, given once, and of its type.
 *
 * @throws Refusal 400 that says what is wrong and what there is
 */
export function viewParameters(view: ViewDescription, address: URLSearchParams): Record<string, string | number> {
  const known = new Map(view.parameters.map(({ name, type }) => [name, type]));
  const found: Record<string, string | number> = {};
  for (const name of new Set(address.keys())) {
    if (others.has(name)) continue;
    const type = known.get(name);
    if (type === undefined) throw new Refusal(400, `${view.name} takes no "${name}". It takes: ${listed(view)}`);
    const [value = "", ...more] = address.getAll(name);
    if (more.length > 0) throw new Refusal(400, `"${name}" is given more than once`);
    found[name] = valueOf(view.name, name, type, value);
  }
  return found;
}

function valueOf(view: string, name: string, type: string, value: string): string | number {
  const kind = kindOf(type);
  if (kind === undefined) return value;
  if (!kind.pattern.test(value) || (kind === instant && Number.isNaN(Date.parse(value)))) {
    throw new Refusal(400, `"${name}" of ${view} is ${kind.what}, and "${value}" is none`);
  }
  return kind === instant ? asInstant(value) : Number(value);
}

function kindOf(type: string): Kind | undefined {
  if (type.startsWith("DateTime")) return instant;
  if (type.startsWith("UInt")) return wholeNumber;
  return type.startsWith("Float") || type.startsWith("Int") || type.startsWith("Decimal") ? number : undefined;
}

/** Where an instant names no zone it is UTC, as everywhere in the ledger. */
const asInstant = (value: string): string =>
  value.includes("T") && !/(?:Z|[+-]\d\d:\d\d)$/.test(value) ? `${value}Z` : value;

const listed = ({ parameters }: ViewDescription): string =>
  parameters.length === 0 ? "nothing" : parameters.map(({ name, type }) => `${name} ${type}`).join(", ");
