import { afterEach, expect, test, vi } from "vitest";
import type { AttributeValue, Span } from "@opentelemetry/api";
import { forgetSettings } from "./config.ts";
import { messageOf, recordContent } from "./content.ts";
import { errorType, failureOutcome } from "./errors.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  forgetSettings();
});

function record(environment: Record<string, string>, content: () => object): Record<string, AttributeValue> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  forgetSettings();
  const attributes: Record<string, AttributeValue> = {};
  // Only this method of a span is used.
  const span = { setAttribute: (name: string, value: AttributeValue) => (attributes[name] = value) };
  recordContent(span as unknown as Span, content);
  return attributes;
}

test("by default content is not even read", () => {
  const read = vi.fn<() => object>(() => ({ inputMessages: ["secret"] }));
  expect(record({}, read)).toEqual({});
  expect(read).not.toHaveBeenCalled();
});

const capture = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" };

test("content that is asked for is JSON under the names of the conventions", () => {
  const content = { inputMessages: [{ role: "user" }], systemInstructions: "be brief" };
  expect(record(capture, () => content)).toEqual({
    "gen_ai.input.messages": '[{"role":"user"}]',
    "gen_ai.system_instructions": '"be brief"',
  });
});

test("content is cut at its limit and stays well-formed", () => {
  const { "gen_ai.input.messages": text } = record({ ...capture, TOKENLEDGER_CONTENT_LIMIT: "8" }, () => ({
    inputMessages: "💶💶💶💶💶💶",
  }));
  expect(String(text)).toHaveLength(8);
  expect(String(text).isWellFormed()).toBe(true);
});

test("content that cannot be read costs itself and nothing more", () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  expect(record(capture, () => ({ inputMessages: circular }))).toEqual({});
});

test("an error's message may quote the prompt, so its type stands in for it", () => {
  expect(messageOf(new RangeError("you said: secret"), "RangeError")).toBe("RangeError");
  record(capture, () => ({}));
  expect(messageOf(new RangeError("you said: secret"), "RangeError")).toBe("you said: secret");
});

test("errors are told apart by class, and aborts from failures", () => {
  class RateLimitError extends Error {}
  const abort = new DOMException("gone", "AbortError");
  expect([new RateLimitError(), new TypeError(), new Error("x"), abort, "text", null].map(errorType)).toEqual([
    "RateLimitError",
    "TypeError",
    "Error",
    "AbortError",
    "string",
    "object",
  ]);
  expect([failureOutcome(abort), failureOutcome(new TypeError())]).toEqual(["cancelled", "failed"]);
});
