import { names, tokenClasses, totalAttributes } from "@tokenledger/core";
import type { Expected, Interaction } from "./interaction.ts";

/** Attributes of a span, by name. */
export type Emitted = Readonly<Record<string, unknown>>;

/** One class of one interaction: what the recording reports and what the span says. */
export interface Comparison {
  readonly class: string;
  readonly expected: unknown;
  readonly emitted: unknown;
  readonly agrees: boolean;
}

const attributeOf = (direction: "input" | "output" | "fee", field: string): string => {
  const found = tokenClasses.find((row) => row.direction === direction && row.field === field);
  if (!found) throw new Error(`core has no ${direction} class ${field}; the comparison needs its new name`);
  return found.attribute;
};

/** Field of a recording's `expected`, and the attribute that must equal it. */
const classes = {
  input_total_tokens: totalAttributes.input,
  output_tokens: totalAttributes.output,
  cache_read: attributeOf("input", "cacheRead"),
  cache_write: attributeOf("input", "cacheWrite"),
  cache_write_5m: attributeOf("input", "cacheWrite5m"),
  cache_write_1h: attributeOf("input", "cacheWrite1h"),
  reasoning: attributeOf("output", "reasoning"),
  audio_in: attributeOf("input", "audio"),
  audio_out: attributeOf("output", "audio"),
  image_in: attributeOf("input", "image"),
  image_out: attributeOf("output", "image"),
  tool_use_prompt: attributeOf("input", "toolUse"),
} as const satisfies { readonly [Field in keyof Expected]?: string };

const searchRequests = attributeOf("fee", "webSearches");

/** Whether the counts are our own, which where nothing was reported is right as long as it is said. */
export const isEstimated = (emitted: Emitted): boolean => emitted[names.usageSource] === "estimated";

/** Compares every class of a call's span with the recording; `null` and `0` differ. */
export function compareCall({ expected }: Interaction, emitted: Emitted): Comparison[] {
  const said = isEstimated(emitted) && !expected.usage_present ? {} : emitted;
  const counts = Object.fromEntries(Object.entries(classes).map(([field, attribute]) => [field, said[attribute]]));
  if (expected.rule.endsWith("+ttl-assumed-5m")) {
    // A write without a time to live stays that on the span, and is priced as the shortest.
    counts.cache_write_5m ??= counts.cache_write;
    counts.cache_write_1h ??= 0;
  }
  const compared = Object.keys(classes).map((field) =>
    compare(field, expected[field as keyof typeof classes], counts[field]),
  );
  const { total_reported: total, web_search_requests: searches, service_tier: tier } = expected;
  if (total !== null) compared.push(compare("total_reported", total, sum(said)));
  // Where the recording is silent on these, a span may still hold what was counted from the answer.
  if (searches !== null) compared.push(compare("web_search_requests", searches, said[searchRequests]));
  if (tier !== null) compared.push(compare("service_tier", tier, said[names.serviceTier]));
  return compared;
}

/** Compares the lines billed beside the call, in order: their kind, model and counts. */
export function compareLines({ expected }: Interaction, lines: readonly Emitted[]): Comparison[] {
  const billed = expected.extra_billed ?? [];
  const compared = [compare("extra_billed", billed.length, lines.length)];
  return billed.reduce<Comparison[]>(
    (all, line, index) => [...all, ...compareLine(line, lines[index] ?? {})],
    compared,
  );
}

function compareLine(billed: Readonly<Record<string, unknown>>, emitted: Emitted): Comparison[] {
  const [uncached = 0, read = 0, written = 0] = [
    billed["input_tokens"],
    billed["cache_read_input_tokens"],
    billed["cache_creation_input_tokens"],
  ].map(Number);
  const kind = String(emitted[names.usageLine]).replace(/\/\d+$/, "");
  const model =
    billed["model"] === undefined ? [] : [compare("extra_billed.model", billed["model"], emitted[names.requestModel])];
  return [
    compare("extra_billed.type", billed["type"], kind),
    ...model,
    compare("extra_billed.input", uncached + read + written, emitted[classes.input_total_tokens]),
    compare("extra_billed.output", billed["output_tokens"], emitted[classes.output_tokens]),
    compare("extra_billed.cache_read", read, emitted[classes.cache_read]),
    compare("extra_billed.cache_write", written, emitted[classes.cache_write]),
  ];
}

/** A comparison of anything that must be the same on both sides. */
export const compare = (name: string, expected: unknown, emitted: unknown): Comparison => ({
  class: name,
  expected,
  emitted: emitted ?? null,
  agrees: expected === (emitted ?? null),
});

function sum(emitted: Emitted): number {
  return Number(emitted[classes.input_total_tokens]) + Number(emitted[classes.output_tokens]);
}
