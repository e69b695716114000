import type { Content, ContentPart } from "../adapter.ts";

/** What a piece of a prompt is, with the letter that stands for it on the wire. */
export const segmentKinds = {
  system: "s",
  tool_definition: "d",
  user: "u",
  assistant: "a",
  tool_result: "r",
  /** Documents and search results that were looked up for this prompt. */
  retrieved: "c",
  /** Images, audio, video, files: sized by convention, since their tokens do not follow from their bytes. */
  media: "m",
  /** Older pieces of any kind, merged to keep the record small. */
  history: "h",
  /** Billed, and shown by no record: only its size is known. */
  unrecorded: "x",
} as const;
export type SegmentKind = keyof typeof segmentKinds;

/** One piece of a prompt, as the model reads it. */
export interface PromptPart {
  readonly kind: SegmentKind;
  readonly text: string;
  /** The tool that this defines, asks for, or is the result of. */
  readonly name?: string | undefined;
}

/** A prompt in the order in which providers cache it: tool definitions, instructions, messages. */
export function promptParts({
  toolDefinitions = [],
  systemInstructions = [],
  inputMessages = [],
}: Content): PromptPart[] {
  const parts: PromptPart[] = [];
  for (const tool of toolDefinitions) {
    parts.push({ kind: "tool_definition", text: JSON.stringify(tool), name: nameOf(tool) });
  }
  for (const part of systemInstructions) parts.push(partOf("system", part));
  const callers = new Map<unknown, string>();
  for (const { role, parts: said } of inputMessages) {
    for (const part of said) {
      if (part.type === "tool_call") callers.set(part["id"], String(part["name"]));
      parts.push(partOf(role, part, callers));
    }
  }
  return parts;
}

/** What the model said, as it would stand in the next prompt. */
export function answerParts({ outputMessages = [] }: Content): PromptPart[] {
  return outputMessages.flatMap(({ parts }) => parts.map((part) => partOf("assistant", part)));
}

/** The text that a tokenizer would count, media left out. */
export const textOf = (parts: readonly PromptPart[]): string =>
  parts
    .filter(({ kind }) => kind !== "media")
    .map(({ text }) => text)
    .join("\n");

const nameOf = (tool: object): string | undefined =>
  "name" in tool && typeof tool.name === "string" ? tool.name : undefined;

const mediaTypes = new Set(["blob", "uri", "file", "image", "audio", "video", "input_image", "input_audio"]);
const retrievedTypes = new Set(["document", "search_result", "file_search_call", "web_search_tool_result"]);

function partOf(role: string, part: ContentPart, callers?: ReadonlyMap<unknown, string>): PromptPart {
  if (mediaTypes.has(part.type)) return { kind: "media", text: mediaText(part) };
  if (part.type === "tool_call_response") {
    return { kind: "tool_result", text: saidText(part["response"]), name: callers?.get(part["id"]) };
  }
  const name = part.type === "tool_call" ? String(part["name"]) : undefined;
  return { kind: retrievedTypes.has(part.type) ? "retrieved" : kindOf(role), text: partText(part), name };
}

function kindOf(role: string): SegmentKind {
  if (role === "assistant") return "assistant";
  if (role === "tool" || role === "function") return "tool_result";
  return role === "system" || role === "developer" ? "system" : "user";
}

function partText(part: ContentPart): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return saidText(part["content"]);
    case "tool_call":
      return `${String(part["name"])}\n${saidText(part["arguments"])}`;
    default:
      return JSON.stringify(part);
  }
}

/** Strings as they are, blocks by their texts, anything else as the JSON that the model is shown. */
function saidText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(blockText).join("\n");
  return JSON.stringify(value);
}

function blockText(block: unknown): string {
  if (typeof block !== "object" || block === null) return saidText(block);
  if ("text" in block && typeof block.text === "string") return block.text;
  return "type" in block && block.type === "image" ? "" : JSON.stringify(block);
}

/** As much of each end of a medium as tells it from others: a fingerprint of megabytes would cost milliseconds. */
const mediaSample = 1_024;

function mediaText(part: ContentPart): string {
  const carried = [part["content"], part["uri"], part["file_id"]].find((field) => typeof field === "string");
  const data = carried ?? JSON.stringify(part);
  if (data.length <= 2 * mediaSample) return data;
  return `${data.length} ${data.slice(0, mediaSample)}${data.slice(-mediaSample)}`;
}
