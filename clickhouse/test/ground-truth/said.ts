import type { ContentPart } from "@tokenledger/core";
import type { Cause } from "./planted-call.ts";

/** Something said, and why it is paid for when it is read first. */
export interface Said {
  readonly role: "user" | "assistant" | "tool";
  readonly part: ContentPart;
  readonly cause?: Cause;
}

export const says = (content: string, cause?: Cause): Said => ({
  role: "user",
  part: { type: "text", content },
  ...(cause && { cause }),
});
export const answers = (content: string): Said => ({ role: "assistant", part: { type: "text", content } });
export const asks = (name: string, about: string): Said => ({
  role: "assistant",
  part: { type: "tool_call", id: `${name} ${about}`, name, arguments: about },
});
export const returns = (name: string, about: string, response: string, cause: Cause = "tool_results"): Said => ({
  role: "tool",
  part: { type: "tool_call_response", id: `${name} ${about}`, response },
  cause,
});
export const looksUp = (text: string): Said => ({
  role: "user",
  part: { type: "document", text },
  cause: "retrieved_context",
});
export const shows = (image: string): Said => ({ role: "user", part: { type: "image", content: image } });
/** Billed as audio, and last in its prompt: there providers' classes have it. */
export const plays = (audio: string): Said => ({ role: "user", part: { type: "audio", content: audio } });
