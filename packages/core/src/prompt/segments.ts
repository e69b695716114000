import { chained, type Fingerprint, nothing } from "./fingerprint.ts";
import { measuredText } from "./measured-text.ts";
import { type PromptPart, type SegmentKind, segmentKinds } from "./prompt-parts.ts";

/** A piece of a prompt as the ledger keeps it. */
export interface Segment {
  readonly kind: SegmentKind;
  /** Estimated tokens, not rounded. */
  readonly tokens: number;
  /** Share of structure, 0 to 1. */
  readonly markup: number;
  readonly fingerprint: Fingerprint;
  /** Of everything up to and including this piece: what a provider's cache would have to hold. */
  readonly prefix: Fingerprint;
  readonly name: string | undefined;
}

/** Tokens that stand for a medium: what a picture of a megapixel costs at most providers, within half. */
const mediaTokens = 1_100;

export function segmentsOf(parts: readonly PromptPart[]): Segment[] {
  const segments: Segment[] = [];
  let prefix = nothing;
  for (const { kind, text, name } of parts) {
    const { tokens, markup, fingerprint } = measuredText(text);
    prefix = chained(prefix, segmentKinds[kind].charCodeAt(0), fingerprint);
    const isMedia = kind === "media";
    segments.push({
      kind,
      tokens: isMedia ? mediaTokens : tokens,
      markup: isMedia ? 0 : markup,
      fingerprint,
      prefix,
      name,
    });
  }
  return segments;
}

/** So many of the newest pieces stand for themselves, and so many blocks of each size stand behind them. */
const kept = 96;
const blockSize = 16;

/**
 * Keeps a record of a long prompt small: beyond its newest 96 to 112 pieces, 16 neighbours become one, and
 * beyond as many of those again 16 of them, so that 500 turns take 160 entries. Blocks are counted from
 * the start of the prompt: the next turn has the same ones, and every boundary that is left is one that
 * an earlier turn ended at or passed.
 */
export function thinned(segments: readonly Segment[]): readonly Segment[] {
  const surplus = segments.length - kept;
  if (surplus < blockSize) return segments;
  const merged = Math.floor(surplus / blockSize) * blockSize;
  const blocks: Segment[] = [];
  for (let start = 0; start < merged; start += blockSize) {
    blocks.push(blockOf(segments.slice(start, start + blockSize)));
  }
  return [...thinned(blocks), ...segments.slice(merged)];
}

function blockOf(members: readonly Segment[]): Segment {
  let [tokens, markup, fingerprint] = [0, 0, nothing];
  for (const member of members) {
    tokens += member.tokens;
    markup += member.markup * member.tokens;
    fingerprint = chained(fingerprint, 0, member.fingerprint);
  }
  return {
    kind: "history",
    tokens,
    markup: tokens === 0 ? 0 : markup / tokens,
    fingerprint,
    prefix: members.at(-1)?.prefix ?? nothing,
    name: undefined,
  };
}
