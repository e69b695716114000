import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Attributes } from "@opentelemetry/api";
import { forgetSettings } from "./config.ts";
import { TokenledgerSpanProcessor } from "./processor.ts";
import { collectSpans } from "./testing.ts";
import { fakeClient } from "./testing/fake-sdk.ts";
import { cutRuns, sampleOf } from "./text-sample.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterEach(() => {
  vi.unstubAllEnvs();
  forgetSettings();
});
afterAll(() => collector.stop());

/** The next billed span, whenever it ends. */
async function nextCall(): Promise<Attributes> {
  return await vi.waitUntil(() => collector.calls()[0], { timeout: 30_000, interval: 5 });
}

test("usage that nobody reported is counted after the user has their answer, and says that it is an estimate", async () => {
  const client = fakeClient(() => Promise.resolve({}));
  await client.create({ model: "m", text: "The quick brown fox jumps over the lazy dog." });
  expect(collector.calls()).toEqual([]);
  expect(await nextCall()).toMatchObject({
    "gen_ai.usage.input_tokens": 10,
    "tokenledger.usage.source": "estimated",
    "tokenledger.call.outcome": "completed",
  });
  // The time at which the count was done is not the time at which the call was.
  expect(collector.spans()[0]?.duration[0]).toBe(0);
});

test("reported usage is never replaced, and refused calls are not counted", async () => {
  const usage = { input: { total: 7 } };
  await fakeClient(() => Promise.resolve({ usage })).create({ model: "m", text: "some text" });
  await expect(fakeClient(() => Promise.reject(new Error("no"))).create({ model: "m", text: "x" })).rejects.toThrow(
    "no",
  );
  expect(collector.calls().map((call) => call["gen_ai.usage.input_tokens"])).toEqual([7, undefined]);
});

test("a flush takes along what still waits, without a count", async () => {
  await fakeClient(() => Promise.resolve({})).create({ model: "m", text: "some text" });
  expect(collector.calls()).toEqual([]);
  await new TokenledgerSpanProcessor().forceFlush();
  expect(collector.calls()).toHaveLength(1);
  expect(collector.calls()[0]).not.toHaveProperty("tokenledger.usage.source");
});

test("estimates can be switched off", async () => {
  vi.stubEnv("TOKENLEDGER_ESTIMATE", "off");
  forgetSettings();
  await fakeClient(() => Promise.resolve({})).create({ model: "m", text: "some text" });
  expect(collector.calls()).toHaveLength(1);
});

test.each(["a", " ", "=", "好", "x好 "])("an unbroken run of %j is counted in linear time", async (piece) => {
  const text = piece.repeat(150_000 / piece.length);
  expect(cutRuns(text).join("")).toBe(text);
  expect(Math.max(...cutRuns(text).map((part) => part.length))).toBeLessThan(piece.length > 1 ? Infinity : 300);
  await fakeClient(() => Promise.resolve({})).create({ model: "m", text });
  expect(await nextCall()).toMatchObject({ "tokenledger.usage.source": "estimated" });
});

test("long texts are judged by even slices", () => {
  const whole = sampleOf("word ".repeat(1_000));
  expect(whole.factor).toBe(1);
  const { text, factor } = sampleOf("word ".repeat(1_000_000));
  expect(text.length).toBeLessThan(100_000);
  expect(text.length * factor).toBeCloseTo(5_000_000, -4);
});
