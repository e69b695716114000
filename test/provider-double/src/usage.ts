/**
 * What one call truly used, in the double's own terms.
 *
 * `input` is everything read, cache reads and writes included; `output` includes reasoning. Each API
 * reports this in its own dialect: Anthropic's `input_tokens` leaves the cached part out.
 */
export interface TrueUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
}

/** The usage of a stream that ended after `output` tokens. */
export const withOutput = (usage: TrueUsage, output: number): TrueUsage => ({
  ...usage,
  output,
  reasoning: Math.min(usage.reasoning, output),
});
