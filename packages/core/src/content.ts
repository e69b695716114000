import type { Span } from "@opentelemetry/api";
import type { Content } from "./adapter.ts";
import { names } from "./attributes.ts";
import { settings } from "./config.ts";
import { quietly } from "./guard.ts";

/**
 * The only gate for prompts, answers and tool definitions. Off by default: the thunks of an adapter
 * are then not even called. Set last, so that content never displaces a count.
 */
export function recordContent(span: Span, ...sources: ((() => Content) | undefined)[]): void {
  const { captureContent, contentLimit } = settings();
  if (!captureContent) return;
  for (const source of sources) {
    if (source) quietly("reading content", setContent, span, source, contentLimit);
  }
}

/** An error's message, which may quote what was sent: so it passes here, or its type stands in for it. */
export function messageOf(error: { readonly message?: unknown }, type: string): string {
  return settings().captureContent && typeof error.message === "string" ? error.message : type;
}

function setContent(span: Span, source: () => Content, limit: number): void {
  const content = source();
  setText(span, names.systemInstructions, content.systemInstructions, limit);
  setText(span, names.inputMessages, content.inputMessages, limit);
  setText(span, names.outputMessages, content.outputMessages, limit);
  setText(span, names.toolDefinitions, content.toolDefinitions, limit);
}

function setText(span: Span, name: string, value: unknown, limit: number): void {
  if (value === undefined) return;
  const text = JSON.stringify(value) ?? "";
  // A cut may split a surrogate pair, and a lone half is not valid UTF-8 on the wire.
  span.setAttribute(name, text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text);
}
