import type { Layer } from "./growth.ts";

/** A kind of piece of a prompt, and the column of `conversation_turns` that holds its tokens. */
export interface PieceKind extends Layer {
  /** Of `segment_kinds` in `call_prompts`. */
  readonly letter: string;
}

const notRecorded: PieceKind = {
  letter: "x",
  name: "Not recorded",
  colour: "--line-strong",
  column: "unrecorded_tokens",
};

/** The kinds of pieces that `call_prompts` tells apart, in the order in which prompts usually hold them. */
export const pieceKinds: readonly PieceKind[] = [
  { letter: "s", name: "System prompt", colour: "--series-5", column: "system_tokens" },
  { letter: "d", name: "Tool definitions", colour: "--series-8", column: "tool_definition_tokens" },
  { letter: "c", name: "Retrieved context", colour: "--series-7", column: "retrieved_tokens" },
  { letter: "m", name: "Media", colour: "--series-4", column: "media_tokens" },
  { letter: "h", name: "Older messages", colour: "--series-3", column: "older_tokens" },
  { letter: "u", name: "User messages", colour: "--series-1", column: "user_tokens" },
  { letter: "a", name: "Answers", colour: "--series-6", column: "answer_tokens" },
  { letter: "r", name: "Tool results", colour: "--series-2", column: "tool_result_tokens" },
  notRecorded,
];

/** The kind of a letter of `call_prompts`. */
export const pieceKind = (letter: string): PieceKind =>
  pieceKinds.find((kind) => kind.letter === letter) ?? notRecorded;
