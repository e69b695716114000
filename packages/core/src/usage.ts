import type { Attributes } from "@opentelemetry/api";
import type { FeeUsage, InputUsage, OutputUsage, Usage } from "./adapter.ts";
import { names } from "./attributes.ts";
import { tokenClasses, totalAttributes, type TokenClass } from "./token-classes.ts";

type Counts = Readonly<Record<string, number | undefined>>;

const inputClasses = tokenClasses.filter(({ direction }) => direction === "input");
const outputClasses = tokenClasses.filter(({ direction }) => direction === "output");
const feeClasses = tokenClasses.filter(({ direction }) => direction === "fee");

/** Fields that lie inside another field and so are no part of a sum over classes. */
const inner = new Set(["cacheWrite5m", "cacheWrite30m", "cacheWrite1h", "cacheWrite12h", "audioCacheRead"]);
/** Bounds beside the total: the sum of the first must not exceed the second. */
const bounds: readonly (readonly [readonly string[], string])[] = [
  [["cacheWrite5m", "cacheWrite30m", "cacheWrite1h", "cacheWrite12h"], "cacheWrite"],
  [["audioCacheRead"], "audio"],
  [["audioCacheRead"], "cacheRead"],
];

/**
 * Attributes of one usage record. The only place that sums totals: a provider that reports classes
 * but no total gets the sum of its disjoint classes. Subsets that cannot fit are passed on as they
 * are and named in `tokenledger.usage.inconsistent`.
 */
export function usageAttributes(usage: Usage): Attributes {
  const attributes: Attributes = {};
  const inconsistent: string[] = [];
  if (usage.input) addDirection(attributes, inconsistent, usage.input, inputClasses, totalAttributes.input);
  if (usage.output) addDirection(attributes, inconsistent, usage.output, outputClasses, totalAttributes.output);
  if (usage.fees) addClasses(attributes, counts(usage.fees), feeClasses);
  if (inconsistent.length > 0) attributes[names.usageInconsistent] = inconsistent.join(",");
  return attributes;
}

/** Whether a provider reported anything at all. */
export function isReported(usage: Usage | undefined): usage is Usage {
  return usage !== undefined && (usage.input !== undefined || usage.output !== undefined || usage.fees !== undefined);
}

function addDirection(
  attributes: Attributes,
  inconsistent: string[],
  usage: InputUsage | OutputUsage,
  classes: readonly TokenClass[],
  totalName: string,
): void {
  const values = counts(usage);
  const total = values.total ?? sumOf(values, classes);
  if (isCount(total)) attributes[totalName] = total;
  addClasses(attributes, values, classes);
  for (const { field, column } of classes) {
    if (total !== undefined && (values[field] ?? 0) > total) inconsistent.push(column);
  }
  if (total !== undefined && (values.cacheRead ?? 0) + (values.cacheWrite ?? 0) > total) inconsistent.push("cache");
  for (const [parts, whole] of bounds) {
    const written = parts.reduce((sum, part) => sum + (values[part] ?? 0), 0);
    if (values[whole] !== undefined && written > values[whole]) inconsistent.push(`${parts[0]} over ${whole}`);
  }
}

function addClasses(attributes: Attributes, values: Counts, classes: readonly TokenClass[]): void {
  for (const { field, attribute } of classes) {
    const value = values[field];
    if (isCount(value)) attributes[attribute] = value;
  }
}

/** The text class is the remainder of a total; where it is reported instead, the total follows. */
function sumOf(values: Counts, classes: readonly TokenClass[]): number | undefined {
  if (values.text === undefined) return undefined;
  const writes = [values.cacheWrite5m, values.cacheWrite30m, values.cacheWrite1h, values.cacheWrite12h];
  let sum = values.cacheWrite === undefined ? writes.reduce<number>((all, write) => all + (write ?? 0), 0) : 0;
  for (const { field } of classes) if (!inner.has(field)) sum += values[field] ?? 0;
  return sum;
}

/** Providers' JSON is not to be trusted: a count is a finite number, whatever the SDK's types say. */
function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

// The classes name these fields, and `tokenClasses` is typed by them.
function counts(usage: InputUsage | OutputUsage | FeeUsage): Counts {
  return usage as Counts;
}
