import type { StreamEvent } from "./dialect.ts";
import type { Failure } from "./script.ts";

/** The tier OpenAI reports for the tier asked for. */
export const openaiTier = (asked: string | null | undefined): string =>
  asked === undefined || asked === null || asked === "auto" ? "default" : asked;

export function openaiFailure(failure: Failure): unknown {
  const type = failure.type ?? (failure.status === 429 ? "rate_limit_exceeded" : "server_error");
  return { error: { message: failure.message ?? `Scripted failure ${failure.status}`, type, param: null, code: type } };
}

export const openaiFailureEvent = (): StreamEvent => ({
  data: JSON.stringify(openaiFailure({ status: 500, message: "The server had an error while streaming" })),
  produced: 0,
});

/** Text of a message's content: a string, or parts of which the textual ones count. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map(partText).join("") : "";
}

function partText(part: unknown): string {
  if (typeof part !== "object" || part === null) return "";
  return "text" in part && typeof part.text === "string" ? part.text : JSON.stringify(part);
}
