import type { Attributes } from "@opentelemetry/api";
import { measuredPiece, pieceAttributes, type PromptPart, type PromptPiece, settings } from "@tokenledger/core";
import { SizedPrompts } from "./sized-prompts.ts";
import type { RecordedCall } from "./recorded-session.ts";

/** How the prompt of a call was made, as far as a log tells. */
export interface RecordedPrompt {
  /** The prompt that this one goes on from; `undefined` where it starts anew. */
  readonly before: RecordedPrompt | undefined;
  /** Instructions and tool definitions, the same list where they are the same; `undefined` where the log leaves them out. */
  readonly head: readonly PromptPiece[] | undefined;
  /** What came to the prompt before it, that one's answer first. */
  readonly added: readonly PromptPiece[];
  readonly answer: readonly PromptPiece[];
}

/** A prompt that still grows while its log is read. */
export interface GrowingPrompt extends RecordedPrompt {
  readonly answer: PromptPiece[];
}

/** Measures what was said, so that its text can go; nothing where fingerprints are switched off. */
export const measuredPieces = (parts: readonly PromptPart[]): PromptPiece[] =>
  settings().fingerprints ? parts.map(measuredPiece) : [];

/** What the ledger is told of each call's prompt, by the id of the call. */
export function promptAttributesOf(calls: readonly RecordedCall[]): Map<string, Attributes> {
  if (!settings().fingerprints) return new Map();
  const sized = new SizedPrompts(calls);
  return new Map(
    calls.flatMap((call) =>
      call.prompt ? [[call.id, pieceAttributes(sized.pieces(call), call.prompt.answer)] as const] : [],
    ),
  );
}
