/** Numbers from 0 up to a limit, the same for the same seed. */
export type Chance = (limit: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** A word that core counts as one token, within a third of a per cent. */
const word = (chance: Chance): string => Array.from({ length: 18 }, () => letters[chance(26)]).join("");

/** Words that no other text has, about as many tokens as asked for. */
export const prose = (chance: Chance, tokens: number): string =>
  Array.from({ length: tokens }, () => word(chance)).join(" ");

/** The same text with one of its words replaced. */
export function reworded(chance: Chance, text: string): string {
  const words = text.split(" ");
  words[chance(words.length)] = word(chance);
  return words.join(" ");
}

/** Rows of JSON: every fourth token or so is structure. */
export const json = (chance: Chance, rows: number): string =>
  JSON.stringify(Array.from({ length: rows }, () => ({ id: chance(1_000), name: word(chance) })));
