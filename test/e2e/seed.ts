/** Seed of everything random in these tests; `TEST_SEED=…` repeats a run that printed it. */
export const seed: number = Number(process.env["TEST_SEED"] ?? 20_261_122);

/** Numbers in [0, 1), the same for the same seed and purpose. */
export const randomFor = (purpose: string): (() => number) => {
  let state = seed | 0;
  for (const character of purpose) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The items in another order. */
export const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
