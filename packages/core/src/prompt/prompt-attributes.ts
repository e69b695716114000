import type { Attributes } from "@opentelemetry/api";
import { names } from "../attributes.ts";
import { type Fingerprint, packed, smallest } from "./fingerprint.ts";
import type { MeasuredText } from "./measured-text.ts";
import { type PromptPart, type SegmentKind, segmentKinds } from "./prompt-parts.ts";
import { retrievalUsed } from "./retrieval-used.ts";
import { measuredPiece, type PromptPiece, type Segment, segmentsOf, thinned } from "./segments.ts";
import { simHash } from "./sim-hash.ts";

/** Chunk fingerprints of one call's new input, or of its answer: 700 bytes at most. */
const mostChunks = 64;

/**
 * How a prompt was made and what came of it, without a word of either: sizes, shares and keyed
 * fingerprints of its pieces. `core/attributes` says how each attribute is written.
 */
export function promptAttributes(prompt: readonly PromptPart[], answer: readonly PromptPart[]): Attributes {
  const attributes = pieceAttributes(prompt.map(measuredPiece), answer.map(measuredPiece));
  const used = retrievalUsed(newInput(prompt), answer);
  if (used !== undefined) attributes[names.promptRetrievalUsed] = used;
  return attributes;
}

/** The same of pieces whose text is gone; what an answer used of retrieved context then stays unknown. */
export function pieceAttributes(prompt: readonly PromptPiece[], answer: readonly PromptPiece[]): Attributes {
  const attributes: Attributes = {};
  if (prompt.length > 0) {
    setSegments(attributes, thinned(segmentsOf(prompt)));
    setNewInput(attributes, textsOf(newInput(prompt)));
  }
  if (answer.length > 0) setAnswer(attributes, textsOf(answer));
  const asked = answer.flatMap(({ name }) => name ?? []);
  if (asked.length > 0) attributes[names.answerToolNames] = JSON.stringify(asked);
  return attributes;
}

function setSegments(attributes: Attributes, segments: readonly Segment[]): void {
  attributes[names.promptSegmentKinds] = segments.map(({ kind }) => segmentKinds[kind]).join("");
  attributes[names.promptSegmentTokens] = segments.map(({ tokens }) => Math.round(tokens)).join(",");
  attributes[names.promptSegmentMarkup] = segments.map(({ markup }) => Math.round(markup * 100)).join(",");
  attributes[names.promptSegmentFingerprints] = packed(segments.map(({ fingerprint }) => fingerprint));
  attributes[names.promptPrefixFingerprints] = packed(segments.map(({ prefix }) => prefix));
  const named = segments.filter(({ kind }) => kind === "tool_definition" || kind === "tool_result");
  if (named.length > 0) attributes[names.promptToolNames] = JSON.stringify(named.map(({ name }) => name ?? ""));
}

/** What came in since the model last spoke; on the first turn everything but tool definitions. */
function newInput<Part extends { readonly kind: SegmentKind }>(parts: readonly Part[]): readonly Part[] {
  return parts
    .slice(parts.findLastIndex(({ kind }) => kind === "assistant") + 1)
    .filter(({ kind }) => kind !== "tool_definition" && kind !== "media");
}

function setNewInput(attributes: Attributes, texts: readonly MeasuredText[]): void {
  const chunks = chunksOf(texts);
  if (chunks.length > 0) attributes[names.promptChunks] = packed(chunks);
  const similarity = simHash(texts);
  if (similarity) attributes[names.promptSimHash] = packed([similarity]);
}

function setAnswer(attributes: Attributes, texts: readonly MeasuredText[]): void {
  attributes[names.answerFingerprints] = packed(texts.map(({ fingerprint }) => fingerprint));
  const chunks = chunksOf(texts);
  if (chunks.length > 0) attributes[names.answerChunks] = packed(chunks);
  attributes[names.answerTokens] = texts.map(({ tokens }) => Math.round(tokens)).join(",");
  attributes[names.answerMarkup] = texts.map(({ markup }) => Math.round(markup * 100)).join(",");
}

const textsOf = (pieces: readonly PromptPiece[]): MeasuredText[] => pieces.flatMap(({ text }) => text ?? []);

const chunksOf = (texts: readonly MeasuredText[]): readonly Fingerprint[] =>
  smallest(
    texts.flatMap(({ chunks }) => chunks),
    mostChunks,
  );
