import { type PromptPiece, unrecordedPiece } from "@tokenledger/core";
import type { RecordedPrompt } from "./recorded-prompt.ts";
import type { RecordedCall } from "./recorded-session.ts";

/** The pieces of a prompt behind those of the prompt before it, and the tokens that all of it was billed for. */
interface Sized {
  readonly before: Sized | undefined;
  readonly pieces: readonly PromptPiece[];
  readonly total: number | undefined;
}

/**
 * Sizes the pieces of recorded prompts by the bill: what a prompt was billed for beyond the one before it is the size of
 * what came to it. Of that, known pieces take shares by their estimates, and the rest is a piece that no record
 * shows: the instructions and tool definitions at the start, where the log leaves them out, and what was slipped
 * in later.
 *
 * Calls come in an order in which a prompt stands behind the one it goes on from.
 */
export class SizedPrompts {
  readonly #sized: Map<RecordedPrompt, Sized> = new Map();
  /** Billed tokens per estimated one, by model. */
  readonly #scales: ReadonlyMap<string, number>;

  constructor(calls: readonly RecordedCall[]) {
    this.#scales = scalesOf(calls);
  }

  /** All pieces of a call's prompt. */
  pieces(call: RecordedCall): PromptPiece[] {
    const stretches: (readonly PromptPiece[])[] = [];
    for (let at: Sized | undefined = this.#size(call); at; at = at.before) stretches.push(at.pieces);
    return stretches.toReversed().flat();
  }

  #size(call: RecordedCall): Sized | undefined {
    const { prompt, usage } = call;
    if (!prompt) return undefined;
    const before = prompt.before?.head === prompt.head ? prompt.before && this.#sized.get(prompt.before) : undefined;
    const known = before ? prompt.added : [...(prompt.head ?? []), ...addedSince(prompt)];
    const total = usage?.input?.total;
    const room = total === undefined || (before && before.total === undefined) ? 0 : total - (before?.total ?? 0);
    const isOpen = !before && prompt.head === undefined;
    const sized = { before, pieces: this.#fitted(call, known, room, isOpen), total };
    this.#sized.set(prompt, sized);
    return sized;
  }

  /** Pieces that take up the room; as they are where there is none, because something was left out of the prompt. */
  #fitted(call: RecordedCall, known: readonly PromptPiece[], room: number, isOpen: boolean): readonly PromptPiece[] {
    if (room <= 0) return known;
    const estimate = tokensOf(known);
    const expected = estimate * (this.#scales.get(call.model) ?? usualScale);
    const surplus = Math.round(Math.max(0, room - expected));
    const unrecorded = isOpen || estimate === 0 || surplus > allowance + 2 * expected ? surplus : 0;
    const pieces = scaled(known, (room - unrecorded) / (estimate || 1));
    return unrecorded === 0 ? pieces : [...unrecordedPieces(call, unrecorded, isOpen), ...pieces];
  }
}

/** Rounded at the boundaries, so that sizes sum to the whole. */
function scaled(pieces: readonly PromptPiece[], scale: number): PromptPiece[] {
  let reached = 0;
  return pieces.map((piece) => {
    const from = Math.round(reached);
    reached += piece.tokens * scale;
    return { ...piece, tokens: Math.round(reached) - from };
  });
}

/** What a first call read from the cache is the same prefix wherever as much of it was read; nothing is known of the rest. */
function unrecordedPieces(call: RecordedCall, tokens: number, isFirst: boolean): PromptPiece[] {
  const shared = isFirst ? (call.usage?.input?.cacheRead ?? 0) : 0;
  if (shared === 0 || shared >= tokens) return [unrecordedPiece(tokens, call.id)];
  return [
    unrecordedPiece(shared, call.provider, call.model, String(shared)),
    unrecordedPiece(tokens - shared, call.id),
  ];
}

/** Tokens that may come to a prompt beside what is known of it: marks around messages and tool calls. */
const allowance = 1_000;
/** Billed tokens per estimated one, where a session is too short to tell. */
const usualScale = 1.2;

/** By the calls of the session itself, for tokenizers differ and estimates do not. */
function scalesOf(calls: readonly RecordedCall[]): Map<string, number> {
  const totals = new Map(calls.flatMap(({ prompt, usage }) => (prompt ? [[prompt, usage?.input?.total]] : [])));
  const sums = new Map<string, { billed: number; estimated: number }>();
  for (const { prompt, model, usage } of calls) {
    const before = prompt?.before && totals.get(prompt.before);
    if (!prompt || before === undefined) continue;
    const [billed, estimated] = [(usage?.input?.total ?? 0) - before, tokensOf(prompt.added)];
    if (billed <= 0 || billed > allowance + 3 * estimated) continue;
    const sum = sums.get(model) ?? { billed: 0, estimated: 0 };
    sums.set(model, { billed: sum.billed + billed, estimated: sum.estimated + estimated });
  }
  return new Map([...sums].map(([model, { billed, estimated }]) => [model, billed / (estimated || 1)]));
}

/** Everything that was said since the prompt's conversation started. */
function addedSince(prompt: RecordedPrompt): PromptPiece[] {
  const added: (readonly PromptPiece[])[] = [];
  for (let at: RecordedPrompt | undefined = prompt; at; at = at.before) added.push(at.added);
  return added.toReversed().flat();
}

const tokensOf = (pieces: readonly PromptPiece[]): number => pieces.reduce((sum, { tokens }) => sum + tokens, 0);
