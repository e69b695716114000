import { type Fingerprint, nothing } from "./fingerprint.ts";
import type { MeasuredText } from "./measured-text.ts";

/**
 * SimHash of several texts together (Charikar 2002, over pairs of words): near-duplicates differ
 * in few of its 64 bits. `undefined` where there is too little text to tell anything.
 */
export function simHash(texts: readonly MeasuredText[]): Fingerprint | undefined {
  let voted = false;
  let { low, high } = nothing;
  for (let bit = 0; bit < 32; bit += 1) {
    let [lowVotes, highVotes] = [0, 0];
    for (const { votes } of texts) {
      lowVotes += votes[bit] ?? 0;
      highVotes += votes[bit + 32] ?? 0;
    }
    voted ||= lowVotes !== 0 || highVotes !== 0;
    if (lowVotes > 0) low |= 1 << bit;
    if (highVotes > 0) high |= 1 << bit;
  }
  return voted ? { low: low >>> 0, high: high >>> 0 } : undefined;
}
