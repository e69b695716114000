/** What one pass over a text tells. */
export interface TextScan {
  /** Estimated tokens, not rounded. */
  readonly tokens: number;
  /** Share of the tokens that is structure (brackets, quotes, table and heading marks), 0 to 1. */
  readonly markup: number;
  /**
   * Hashes of the words in order: runs between white space, so that indentation does not matter. A
   * view that the next scan writes over.
   */
  readonly words: Int32Array;
}

const [space, newline, letter, digit, mark, structure] = [0, 1, 2, 3, 4, 5];

const asciiClasses: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCodePoint(code);
  if (character === "\n") return newline;
  if (code <= 32) return space;
  if (/[A-Za-z]/.test(character)) return letter;
  if (/[0-9]/.test(character)) return digit;
  return '{}[]<>"|#*`='.includes(character) ? structure : mark;
});

/** Wide scripts, by what their characters cost: 6 kana and han, 7 hangul, 8 anything else beyond ASCII. */
function wideClass(code: number): number {
  if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff)) return 6;
  return code >= 0xac00 && code <= 0xd7a3 ? 7 : 8;
}

/**
 * Tokens per occurrence, fitted to o200k_base over prose, code, JSON, logs and five scripts (mean
 * error 6.5 %, against 18 % of "four characters a token"). Words, marks and newlines count per run.
 */
const weights = { word: 1.321, letter: -0.018, digit: 0.452, marks: 0.968, newlines: -0.515 } as const;
const wideWeights: readonly number[] = [0, 0, 0, 0, 0, 0, 0.806, 0.736, 0.279];
/** A run of letters without a space is never cheaper than this. */
const leastPerLetter = 1 / 8;

let found = new Int32Array(8_192);

/** Reads a text once: its size in tokens, the share of structure, and its words. */
export function scanText(text: string): TextScan {
  if (found.length <= text.length / 2) found = new Int32Array(text.length);
  let words = 0;
  let [wordStarts, letters, digits, markRuns, structureRuns, newlineRuns, wide] = [0, 0, 0, 0, 0, 0, 0];
  let before = space;
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (asciiClasses[code] ?? mark) : wideClass(code);
    if (kind <= newline) {
      if (before > newline) found[words++] = hash;
      if (kind === newline && before !== newline) newlineRuns += 1;
    } else {
      hash = Math.imul((before <= newline ? 0x811c9dc5 : hash) ^ code, 0x01000193);
      if (kind === letter) {
        letters += 1;
        if (before !== letter) wordStarts += 1;
      } else if (kind === digit) digits += 1;
      else if (kind > structure) wide += wideWeights[kind] ?? 0;
      else if (before !== mark && before !== structure) {
        markRuns += 1;
        if (kind === structure) structureRuns += 1;
      }
    }
    before = kind;
  }
  if (before > newline) found[words++] = hash;
  const counted =
    weights.word * wordStarts +
    weights.letter * letters +
    weights.digit * digits +
    weights.marks * markRuns +
    weights.newlines * newlineRuns +
    wide;
  const tokens = Math.max(counted, letters * leastPerLetter, text === "" ? 0 : 1);
  return {
    tokens,
    markup: Math.min(1, (weights.marks * structureRuns) / (tokens || 1)),
    words: found.subarray(0, words),
  };
}
