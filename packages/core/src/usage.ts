import type { Attributes } from "@opentelemetry/api";
import type { FeeUsage, InputUsage, OutputUsage, Usage } from "./adapter.ts";
import { names } from "./attributes.ts";
import { tokenClasses, totalAttributes, type TokenClass } from "./token-classes.ts";

type Counts = Readonly<Record<string, number | undefined>>;
type Classes = Readonly<Record<string, TokenClass>>;

const inputClasses = classesOf("input");
const outputClasses = classesOf("output");
const feeClasses = classesOf("fee");

/**
 * Attributes of one usage record. The only place that sums totals: a provider that reports classes
 * but no total gets the sum of its disjoint classes. Subsets that cannot fit are passed on as they
 * are and named by their columns in `tokenledger.usage.inconsistent`.
 */
export function usageAttributes(usage: Usage): Attributes {
  const attributes: Attributes = {};
  const inconsistent: string[] = [];
  const { input, output, fees } = usage;
  if (input) {
    const total = input.total ?? inputSum(input);
    if (isCount(total)) attributes[totalAttributes.input] = total;
    addClasses(attributes, inconsistent, input, inputClasses, total);
    checkInput(inconsistent, input, total);
  }
  if (output) {
    const total = output.total ?? outputSum(output);
    if (isCount(total)) attributes[totalAttributes.output] = total;
    addClasses(attributes, inconsistent, output, outputClasses, total);
  }
  if (fees) addClasses(attributes, inconsistent, fees, feeClasses, undefined);
  if (inconsistent.length > 0) attributes[names.usageInconsistent] = inconsistent.join(",");
  return attributes;
}

/** Whether a provider reported anything at all. */
export function isReported(usage: Usage | undefined): usage is Usage {
  return usage !== undefined && (usage.input !== undefined || usage.output !== undefined || usage.fees !== undefined);
}

/** Goes over what was reported, which is little, and not over what could have been. */
function addClasses(
  attributes: Attributes,
  inconsistent: string[],
  usage: InputUsage | OutputUsage | FeeUsage,
  classes: Classes,
  total: number | undefined,
): void {
  // The classes name these fields, and `tokenClasses` is typed by them.
  const counts = usage as Counts;
  for (const field in counts) {
    const count = counts[field];
    const known = classes[field];
    if (!known || !isCount(count)) continue;
    attributes[known.attribute] = count;
    if (known.formerAttribute !== undefined) attributes[known.formerAttribute] = count;
    if (total !== undefined && count > total) inconsistent.push(known.column);
  }
}

/** Subsets that each fit into the total but not beside or inside each other. */
function checkInput(inconsistent: string[], usage: InputUsage, total: number | undefined): void {
  const { cacheRead = 0, cacheWrite, audio, audioCacheRead = 0 } = usage;
  if (total !== undefined && cacheRead + (cacheWrite ?? 0) > total) inconsistent.push("cache_read_and_write_tokens");
  if (cacheWrite !== undefined && timedWrites(usage) > cacheWrite) inconsistent.push("cache_write_by_ttl_tokens");
  if (audioCacheRead > Math.min(audio ?? audioCacheRead, usage.cacheRead ?? audioCacheRead)) {
    inconsistent.push("cache_read_audio_tokens");
  }
}

/** The text class is the remainder of a total; where it is reported instead, the total follows. */
function inputSum(usage: InputUsage): number | undefined {
  const { text, cacheRead = 0, cacheWrite = timedWrites(usage), audio = 0, image = 0 } = usage;
  const { video = 0, document = 0, toolUse = 0 } = usage;
  return text === undefined ? undefined : text + cacheRead + cacheWrite + audio + image + video + document + toolUse;
}

function outputSum(usage: OutputUsage): number | undefined {
  const { text, reasoning = 0, audio = 0, image = 0, predictionAccepted = 0, predictionRejected = 0 } = usage;
  return text === undefined ? undefined : text + reasoning + audio + image + predictionAccepted + predictionRejected;
}

/** Cache writes whose time to live is known. */
function timedWrites({ cacheWrite5m = 0, cacheWrite30m = 0, cacheWrite1h = 0, cacheWrite12h = 0 }: InputUsage): number {
  return cacheWrite5m + cacheWrite30m + cacheWrite1h + cacheWrite12h;
}

function classesOf(direction: TokenClass["direction"]): Classes {
  const classes: Record<string, TokenClass> = Object.create(null) as Record<string, TokenClass>;
  for (const known of tokenClasses) if (known.direction === direction) classes[known.field] = known;
  return classes;
}

/** Providers' JSON is not to be trusted: a count is a finite number, whatever the SDK's types say. */
function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
