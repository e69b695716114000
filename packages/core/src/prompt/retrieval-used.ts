import { mixed } from "./fingerprint.ts";
import type { PromptPart } from "./prompt-parts.ts";
import { scanText } from "./scan-text.ts";

/**
 * Of the context that was looked up for this prompt, the share of three-word shingles that the answer
 * repeats, in whole per cent. `undefined` where nothing was looked up or nothing answered. An answer
 * that puts what it read into other words is not seen: a low share is a hint, not a proof.
 */
export function retrievalUsed(newInput: readonly PromptPart[], answer: readonly PromptPart[]): number | undefined {
  const retrieved = newInput.filter(({ kind }) => kind === "retrieved");
  if (retrieved.length === 0 || answer.length === 0) return undefined;
  const offered = shingles(retrieved);
  if (offered.size === 0) return undefined;
  const said = shingles(answer);
  let used = 0;
  for (const shingle of offered) if (said.has(shingle)) used += 1;
  return Math.round((100 * used) / offered.size);
}

function shingles(parts: readonly PromptPart[]): Set<number> {
  const found = new Set<number>();
  for (const { text } of parts) {
    const { words } = scanText(text);
    for (let index = 0; index + 2 < words.length; index += 1) {
      found.add(mixed(mixed(words[index] ?? 0, words[index + 1] ?? 0), words[index + 2] ?? 0));
    }
  }
  return found;
}
