import fc from "fast-check";
import { expect, test } from "vitest";
import { readSettings } from "./config.ts";

test("an empty environment is the safe one", () => {
  const settings = readSettings({});
  expect(settings).toMatchObject({
    captureContent: false,
    askForUsage: true,
    estimateUsage: true,
    baggageHosts: [],
    trustBaggage: false,
    inherited: undefined,
    customer: undefined,
  });
  expect(settings.isDisabled("openai")).toBe(false);
});

test.each([
  ["true", true],
  ["SPAN_ONLY", true],
  ["span_and_event", true],
  ["EVENT_ONLY", false],
  ["NO_CONTENT", false],
  ["false", false],
  ["yes please", false],
])("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=%s", (value, captured) => {
  const settings = readSettings({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value });
  expect(settings.captureContent).toBe(captured);
});

test("adapters are disabled by id, or all of them", () => {
  const some = readSettings({ TOKENLEDGER_DISABLED: " OpenAI , anthropic" });
  expect(["openai", "anthropic", "mistral"].map((id) => some.isDisabled(id))).toEqual([true, true, false]);
  expect(readSettings({ TOKENLEDGER_DISABLED: "all" }).isDisabled("mistral")).toBe(true);
});

test("no environment makes it throw, and none but the known words capture content", () => {
  const variable = fc.constantFrom(
    "TOKENLEDGER_DISABLED",
    "TOKENLEDGER_CONTENT_LIMIT",
    "TOKENLEDGER_STREAM_USAGE",
    "TOKENLEDGER_BAGGAGE_HOSTS",
    "TOKENLEDGER_TRUST_BAGGAGE",
    "TOKENLEDGER_CONTEXT",
  );
  fc.assert(
    fc.property(fc.dictionary(variable, fc.string()), (environment) => {
      const settings = readSettings(environment);
      expect(settings.contentLimit).toBeGreaterThan(0);
      expect(settings.captureContent).toBe(false);
    }),
  );
});
