import type { Content, ContentMessage, ContentPart } from "@tokenledger/core";
import type {
  BetaContentBlock,
  BetaContentBlockParam,
  BetaMessageParam,
  MessageCreateParams,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";

export function requestContent({ system, messages, tools }: MessageCreateParams): Content {
  return {
    systemInstructions: system === undefined ? undefined : partsOf(system),
    inputMessages: messages.map(inputMessage),
    toolDefinitions: tools,
  };
}

export function responseContent(content: readonly BetaContentBlock[]): Content {
  return { outputMessages: [{ role: "assistant", parts: content.map(partOf) }] };
}

const inputMessage = ({ role, content }: BetaMessageParam): ContentMessage => ({
  role,
  parts: partsOf(content),
});

const partsOf = (content: string | readonly BetaContentBlockParam[] | null | undefined): ContentPart[] =>
  typeof content === "string" ? [{ type: "text", content }] : (content ?? []).map(partOf);

function partOf(block: BetaContentBlockParam | BetaContentBlock): ContentPart {
  switch (block.type) {
    case "text":
      return { type: "text", content: block.text };
    case "thinking":
      return { type: "reasoning", content: block.thinking };
    case "tool_use":
      return { type: "tool_call", id: block.id, name: block.name, arguments: block.input };
    case "tool_result":
      return { type: "tool_call_response", id: block.tool_use_id, response: block.content };
    default:
      // What the conventions have no shape for keeps the provider's own.
      return { ...block };
  }
}
