/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Resamples drawn for an interval. */
const resamples = 2_000;

/**
 * The 95 % interval of a statistic over rounds, by bootstrap: rounds are drawn with replacement, so a
 * noisy round widens the interval instead of moving the result. `seed` makes it repeatable.
 */
export function interval<Round>(
  rounds: readonly Round[],
  statistic: (rounds: readonly Round[]) => number,
  seed = 1,
): Interval {
  const random = generator(seed);
  const drawn = Array.from({ length: resamples }, () =>
    statistic(rounds.map(() => rounds[Math.floor(random() * rounds.length)] as Round)),
  ).toSorted((a, b) => a - b);
  const at = (share: number): number => drawn[Math.floor(share * (drawn.length - 1))] ?? Number.NaN;
  return { value: statistic(rounds), low: at(0.025), high: at(0.975) };
}

/** A small linear congruential generator; quality is no concern for resampling. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
