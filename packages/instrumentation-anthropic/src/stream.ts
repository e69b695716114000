import type { ResponseFacts } from "@tokenledger/core";
import type {
  BetaContentBlock,
  BetaRawContentBlockDeltaEvent,
  BetaRawContentBlockStartEvent,
  BetaRawMessageDeltaEvent,
  BetaRawMessageStartEvent,
  BetaRawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { responseContent } from "./content.ts";
import { usageOf, type ReportedUsage } from "./usage.ts";

/** Facts of a stream, with what its events have reported so far. */
export interface StreamFacts extends ResponseFacts {
  reported?: ReportedUsage;
  blocks?: StreamedBlock[];
}

/** A content block with the text of its deltas. */
interface StreamedBlock {
  readonly start: BetaContentBlock;
  text: string;
}

/** Folds one event of a message stream into the facts. */
export function foldEvent(facts: StreamFacts, event: BetaRawMessageStreamEvent): void {
  switch (event.type) {
    case "content_block_delta":
      return foldText(facts, event);
    case "content_block_start":
      return foldBlock(facts, event);
    case "message_start":
      return foldStart(facts, event);
    case "message_delta":
      return foldTotals(facts, event);
  }
}

/**
 * The first event knows the input; its other counts are placeholders and left out, so that a stream
 * cut before `message_delta` has an unknown output.
 */
function foldStart(facts: StreamFacts, { message }: BetaRawMessageStartEvent): void {
  const { usage } = message;
  facts.id = message.id;
  facts.model = message.model;
  facts.reported = {
    ...facts.reported,
    service_tier: usage.service_tier,
    speed: usage.speed,
    inference_geo: usage.inference_geo,
    input_tokens: usage.input_tokens,
    cache_read_input_tokens: usage.cache_read_input_tokens,
    cache_creation_input_tokens: usage.cache_creation_input_tokens,
    cache_creation: usage.cache_creation,
  };
  Object.assign(facts, usageOf(facts.reported));
}

/** Counts are cumulative: each replaces the earlier one, and `null` says nothing new. */
function foldTotals(facts: StreamFacts, { delta, usage }: BetaRawMessageDeltaEvent): void {
  if (delta.stop_reason) facts.finishReasons = [delta.stop_reason];
  const said = Object.entries(usage ?? {}).filter(([, count]) => count !== null);
  facts.reported = { ...facts.reported, ...Object.fromEntries(said) };
  Object.assign(facts, usageOf(facts.reported));
}

function foldBlock(facts: StreamFacts, { index, content_block: block }: BetaRawContentBlockStartEvent): void {
  (facts.blocks ??= [])[index] = { start: block, text: "" };
  facts.content ??= () => responseContent((facts.blocks ?? []).map(completed));
  if (block.type === "tool_use") (facts.toolCalls ??= []).push({ id: block.id, name: block.name });
  // The model that writes the rest of the message, and that the message's counts are billed to.
  if (block.type === "fallback") facts.model = block.to.model;
}

function foldText(facts: StreamFacts, { index, delta }: BetaRawContentBlockDeltaEvent): void {
  const block = facts.blocks?.[index];
  if (!block) return;
  if (delta.type === "text_delta") block.text += delta.text;
  else if (delta.type === "input_json_delta") block.text += delta.partial_json;
  else if (delta.type === "thinking_delta") block.text += delta.thinking;
}

/** The block as an unstreamed message would hold it. */
function completed({ start, text }: StreamedBlock): BetaContentBlock {
  switch (start.type) {
    case "text":
      return { ...start, text: start.text + text };
    case "thinking":
      return { ...start, thinking: start.thinking + text };
    case "tool_use":
      // JSON text, which may have been cut.
      return { ...start, input: text === "" ? start.input : text };
    default:
      return start;
  }
}
