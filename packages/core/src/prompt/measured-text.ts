import { sampleOf } from "../text-sample.ts";
import { chunkFingerprint, type Fingerprint, mixed, seeds, textFingerprint } from "./fingerprint.ts";
import { scanText } from "./scan-text.ts";

/** What the ledger needs to know of a text, none of which gives the text away. */
export interface MeasuredText {
  /** Estimated tokens, not rounded. */
  readonly tokens: number;
  /** Share of structure, 0 to 1. */
  readonly markup: number;
  readonly fingerprint: Fingerprint;
  /** Fingerprints of its content-defined chunks, in order. */
  readonly chunks: readonly Fingerprint[];
  /** For each of 64 bits, how many more of its pairs of words set it than clear it. */
  readonly votes: Int16Array;
}

/** Code units that one generation of remembered texts may hold: texts and measures take some 4 MB at most. */
const rememberedLength = 1_000_000;
const rememberedTexts = 2_000;

let recent = new Map<string, MeasuredText>();
let older = new Map<string, MeasuredText>();
let recentLength = 0;

/**
 * Measures a text, once: texts are remembered by content, so that a conversation costs its new messages
 * and not its history, whether the application keeps its message objects, changes them or makes them
 * anew. Two generations bound what is remembered.
 */
export function measuredText(text: string): MeasuredText {
  const known = recent.get(text);
  if (known) return known;
  const measured = older.get(text);
  if (measured) return remember(text, measured);
  // A copy: the user's string may be a slice that keeps a whole document alive.
  return remember(Buffer.from(text).toString(), measure(text));
}

/** Forgets every text; for tests. */
export function forgetTexts(): void {
  recent = new Map();
  older = new Map();
  recentLength = 0;
}

function remember(text: string, measured: MeasuredText): MeasuredText {
  if (text.length > rememberedLength / 4) return measured;
  if (recentLength + text.length > rememberedLength || recent.size >= rememberedTexts) {
    older = recent;
    recent = new Map();
    recentLength = 0;
  }
  recent.set(text, measured);
  recentLength += text.length;
  return measured;
}

function measure(text: string): MeasuredText {
  const sample = sampleOf(text);
  const { tokens, markup, words } = scanText(sample.text);
  return {
    tokens: tokens * sample.factor,
    markup,
    fingerprint: textFingerprint(text),
    chunks: chunksOf(words),
    votes: votesOf(words),
  };
}

const leastWords = 12;
const mostWords = 96;
/** Of the words behind the first twelve, one in sixteen ends a chunk. */
const cutMask = 15;

/** Chunks end at words that their own hash chooses: a quotation has the same chunks wherever it stands. */
function chunksOf(words: Int32Array): Fingerprint[] {
  const chunks: Fingerprint[] = [];
  let start = 0;
  for (let index = 0; index < words.length; index += 1) {
    const length = index - start + 1;
    const ends = length >= leastWords && ((mixed(words[index] ?? 0, 0) & cutMask) === 0 || length === mostWords);
    if (!ends) continue;
    chunks.push(chunkFingerprint(words, start, index + 1));
    start = index + 1;
  }
  return chunks;
}

/** About so many pairs of a text vote. */
const voters = 64;

/**
 * Pairs of neighbouring words vote for the bits of a SimHash; of a long text those with the smallest hashes.
 * The seeds come from the key, or whoever guesses a text could recognise it.
 */
function votesOf(words: Int32Array): Int16Array {
  const votes = new Int16Array(64);
  const [first, second, third, fourth] = seeds();
  const limit = words.length <= voters ? 0x1_0000_0000 : Math.floor((0x1_0000_0000 * voters) / words.length);
  for (let index = 0; index + 1 < Math.max(words.length, 2); index += 1) {
    const [one = 0, two = 0] = [words[index], words[index + 1]];
    const low = mixed(one ^ first, two ^ second);
    if (low >= limit) continue;
    const high = mixed(two ^ third, one ^ fourth);
    for (let bit = 0; bit < 32; bit += 1) {
      votes[bit] = (votes[bit] ?? 0) + ((low >>> bit) & 1 ? 1 : -1);
      votes[bit + 32] = (votes[bit + 32] ?? 0) + ((high >>> bit) & 1 ? 1 : -1);
    }
  }
  return votes;
}
