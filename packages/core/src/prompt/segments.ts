import { chained, type Fingerprint, nothing, textFingerprint } from "./fingerprint.ts";
import { measuredText, type MeasuredText } from "./measured-text.ts";
import { type PromptPart, type SegmentKind, segmentKinds } from "./prompt-parts.ts";

/** A piece of a prompt, measured: all that is kept of it once its text is let go. */
export interface PromptPiece {
  readonly kind: SegmentKind;
  /** Estimated tokens, not rounded. */
  readonly tokens: number;
  /** Share of structure, 0 to 1. */
  readonly markup: number;
  readonly fingerprint: Fingerprint;
  /** The tool that this defines, asks for, or is the result of. */
  readonly name: string | undefined;
  /** `undefined` where no text is known. */
  readonly text: MeasuredText | undefined;
}

/** A piece as the ledger keeps it. */
export interface Segment extends Omit<PromptPiece, "text"> {
  /** Of everything up to and including this piece: what a provider's cache would have to hold. */
  readonly prefix: Fingerprint;
}

/** Tokens that stand for a medium: what a picture of a megapixel costs at most providers, within half. */
const mediaTokens = 1_100;

export function measuredPiece({ kind, text, name }: PromptPart): PromptPiece {
  const measured = measuredText(text);
  const isMedia = kind === "media";
  return {
    kind,
    tokens: isMedia ? mediaTokens : measured.tokens,
    markup: isMedia ? 0 : measured.markup,
    fingerprint: measured.fingerprint,
    name,
    text: measured,
  };
}

/** A stretch of a prompt that was billed and that no record shows. It is the same as another one of that identity. */
export const unrecordedPiece = (tokens: number, ...identity: readonly string[]): PromptPiece => ({
  kind: "unrecorded",
  tokens,
  markup: 0,
  fingerprint: textFingerprint(["unrecorded", ...identity].join("\0")),
  name: undefined,
  text: undefined,
});

export function segmentsOf(pieces: readonly PromptPiece[]): Segment[] {
  let prefix = nothing;
  return pieces.map(({ kind, tokens, markup, fingerprint, name }) => {
    prefix = chained(prefix, segmentKinds[kind].charCodeAt(0), fingerprint);
    return { kind, tokens, markup, fingerprint, name, prefix };
  });
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
