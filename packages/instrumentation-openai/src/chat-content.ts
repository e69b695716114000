import type { Content, ContentPart } from "@tokenledger/core";
import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParams,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";

/** What the model says, gathered from a stream or read from a result. */
export interface SpokenMessage {
  text: string;
  toolCalls: { id: string; name: string; arguments: string }[];
}

/** The prompt of a chat completion in the shapes of the conventions. */
export function chatContent(params: ChatCompletionCreateParams): Content {
  return {
    inputMessages: params.messages.map((message) => ({ role: message.role, parts: messageParts(message) })),
    toolDefinitions: params.tools?.map(toolDefinition),
  };
}

/** The answer in the shapes of the conventions, one message a choice. */
export const spokenContent = (messages: readonly SpokenMessage[]): Content => ({
  outputMessages: messages.map(({ text, toolCalls }) => ({
    role: "assistant",
    parts: [...(text ? [textPart(text)] : []), ...toolCalls.map((call) => ({ type: "tool_call", ...call }))],
  })),
});

export function spoken(message: ChatCompletionMessage): SpokenMessage {
  return {
    text: message.content ?? message.refusal ?? "",
    toolCalls: (message.tool_calls ?? []).map((call) => ({ id: call.id, ...calledTool(call) })),
  };
}

export const textPart = (content: string): ContentPart => ({ type: "text", content });

function messageParts(message: ChatCompletionMessageParam): ContentPart[] {
  if (message.role === "tool") {
    return [{ type: "tool_call_response", id: message.tool_call_id, response: message.content }];
  }
  const parts = contentParts(message.content);
  if (message.role !== "assistant") return parts;
  return [
    ...parts,
    ...(message.tool_calls ?? []).map((call) => ({ type: "tool_call", id: call.id, ...calledTool(call) })),
  ];
}

function contentParts(content: ChatCompletionMessageParam["content"]): ContentPart[] {
  if (typeof content === "string") return [textPart(content)];
  return (content ?? []).map((part) => (part.type === "refusal" ? textPart(part.refusal) : contentPart(part)));
}

function contentPart(part: ChatCompletionContentPart): ContentPart {
  switch (part.type) {
    case "text":
      return textPart(part.text);
    case "image_url":
      return mediaPart("image", part.image_url.url);
    case "input_audio":
      return {
        type: "blob",
        modality: "audio",
        mime_type: `audio/${part.input_audio.format}`,
        content: part.input_audio.data,
      };
    case "file":
      return { type: "file", modality: "document", file_id: part.file.file_id };
    default:
      return part;
  }
}

/** A `data:` URL carries the medium itself, any other only names it. */
export function mediaPart(modality: string, url: string): ContentPart {
  const [, mimeType, content] = /^data:([^;,]+)[^,]*,(.*)$/s.exec(url) ?? [];
  if (content === undefined) return { type: "uri", modality, uri: url };
  return { type: "blob", modality, mime_type: mimeType, content };
}

function calledTool(call: NonNullable<ChatCompletionMessage["tool_calls"]>[number]): {
  name: string;
  arguments: string;
} {
  return call.type === "custom"
    ? { name: call.custom.name, arguments: call.custom.input }
    : { name: call.function.name, arguments: call.function.arguments };
}

function toolDefinition(tool: ChatCompletionTool): ContentPart {
  if (tool.type === "custom") return { type: "custom", name: tool.custom.name, description: tool.custom.description };
  const { name, description, parameters } = tool.function;
  return { type: "function", name, description, parameters };
}
