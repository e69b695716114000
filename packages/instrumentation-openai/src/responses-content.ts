import type { Content, ContentMessage, ContentPart } from "@tokenledger/core";
import type {
  Response,
  ResponseCreateParams,
  ResponseInputItem,
  ResponseOutputItem,
  Tool,
} from "openai/resources/responses/responses";
import { mediaPart, textPart } from "./chat-content.ts";

type Item = ResponseInputItem | ResponseOutputItem;
type Message = Extract<Item, { content: unknown; role: unknown }>;

/** The prompt of a response in the shapes of the conventions. Its instructions are outside the history. */
export function promptContent(params: ResponseCreateParams): Content {
  return {
    systemInstructions: params.instructions ? [textPart(params.instructions)] : undefined,
    inputMessages: inputItems(params).map(itemMessage),
    toolDefinitions: params.tools?.map(toolDefinition),
  };
}

export const outputContent = (output: Response["output"]): Content => ({ outputMessages: output.map(itemMessage) });

export function inputItems({ input }: Pick<ResponseCreateParams, "input">): readonly ResponseInputItem[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : (input ?? []);
}

function itemMessage(item: Item): ContentMessage {
  if (isMessage(item)) return { role: item.role, parts: contentParts(item.content) };
  switch (item.type) {
    case "function_call":
      return {
        role: "assistant",
        parts: [{ type: "tool_call", id: item.call_id, name: item.name, arguments: item.arguments }],
      };
    case "custom_tool_call":
      return {
        role: "assistant",
        parts: [{ type: "tool_call", id: item.call_id, name: item.name, arguments: item.input }],
      };
    case "function_call_output":
    case "custom_tool_call_output":
      return { role: "tool", parts: [{ type: "tool_call_response", id: item.call_id, response: item.output }] };
    case "reasoning":
      return { role: "assistant", parts: item.summary.map(({ text }) => ({ type: "reasoning", content: text })) };
    default:
      return { role: "assistant", parts: [{ ...item, type: item.type ?? "item_reference" }] };
  }
}

const isMessage = (item: Item): item is Message => "role" in item && "content" in item;

function contentParts(content: Message["content"]): ContentPart[] {
  if (typeof content === "string") return [textPart(content)];
  return content.map((part) => {
    switch (part.type) {
      case "input_text":
      case "output_text":
        return textPart(part.text);
      case "refusal":
        return textPart(part.refusal);
      case "input_image":
        return part.image_url ? mediaPart("image", part.image_url) : filePart("image", part.file_id);
      case "input_file":
        return filePart("document", part.file_id);
      default:
        return part;
    }
  });
}

const filePart = (modality: string, id: string | null | undefined): ContentPart => ({
  type: "file",
  modality,
  file_id: id,
});

function toolDefinition(tool: Tool): ContentPart {
  if (tool.type !== "function") return { type: tool.type, name: "name" in tool ? tool.name : tool.type };
  const { name, description, parameters } = tool;
  return { type: "function", name, description, parameters };
}
