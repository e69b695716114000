/** What a span can be weighed by. */
export interface Measures {
  /** Known cost, in units of 1e-15 USD. */
  readonly cost: bigint;
  /** Billed input tokens, cache included. */
  readonly input: number;
  /** Of them, those read from the cache. */
  readonly cached: number;
  readonly output: number;
  /** Milliseconds that nothing under the span accounts for; what ran at the same time adds up. */
  readonly time: number;
  /** Billed calls, and those of them whose cost is not wholly known. */
  readonly calls: number;
  readonly unpriced: number;
}

/** Nothing of anything. */
export const noMeasures: Measures = { cost: 0n, input: 0, cached: 0, output: 0, time: 0, calls: 0, unpriced: 0 };

/** The measures that width can show. */
export type Weight = "cost" | "input" | "cached" | "output" | "time";

/** All weights, in the order of the switch. */
export const weights: readonly Weight[] = ["cost", "input", "cached", "output", "time"];

/** Both together. */
export const addMeasures = (one: Measures, other: Measures): Measures => ({
  cost: one.cost + other.cost,
  input: one.input + other.input,
  cached: one.cached + other.cached,
  output: one.output + other.output,
  time: one.time + other.time,
  calls: one.calls + other.calls,
  unpriced: one.unpriced + other.unpriced,
});

/** A measure as a number to draw by: exact enough for widths, not for money. */
export const weightOf = (measures: Measures, weight: Weight): number => Number(measures[weight]);
