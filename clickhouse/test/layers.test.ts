import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type LandingRow, landSpans, settle } from "../src/index.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const usage = { input_tokens: 1_000, output_tokens: 100 };
const started = (second: number, duration = 5): Partial<LandingRow> => ({
  Timestamp: `${1_780_000_000 + second}.000000000`,
  Duration: String(duration * 1_000_000_000),
});
const framework = (second = 0, duration = 5): Partial<LandingRow> => ({
  ScopeName: "some.framework",
  ...started(second, duration),
});
const response = { "gen_ai.response.id": "msg_01ABCDEFGHIJKLMNOPQRSTUV" };
/** Billed spans by trace and number. */
const bills = async (): Promise<unknown[]> =>
  (await calls(ledger.target, "right(toString(trace_id), 1) || '/' || toString(span_id) AS bill, billed_by"))
    .filter((row) => row["billed_by"] === "0")
    .map((row) => row["bill"]);

describe("a call directly beneath another call", () => {
  test("is the same one where both say the same, with or without a response id", async () => {
    const cached = { input_tokens: 1_000, "cache_read.input_tokens": 300, output_tokens: 100 };
    await landSpans(ledger.target, [
      span({ trace: 1, span: 1 }, opusCall(usage), framework()),
      span({ trace: 1, span: 2, parent: 1 }, opusCall(usage, response), started(1)),
      // The outer one leaves the cache out of its input, and calls the model by a longer name.
      span(
        { trace: 2, span: 1 },
        opusCall({ input_tokens: 700, output_tokens: 100 }, { "gen_ai.request.model": "anthropic/claude-opus-4-6" }),
        framework(),
      ),
      span({ trace: 2, span: 2, parent: 1 }, opusCall(cached), started(0)),
      // Nothing was reported to the outer one, which holds no other call.
      span({ trace: 3, span: 1 }, opusCall({}), framework()),
      span({ trace: 3, span: 2, parent: 1 }, opusCall(usage), started(1)),
      // Three layers, one tool that traces two of them under one scope.
      span({ trace: 4, span: 1 }, opusCall(usage), { ...framework(), SpanName: "ChatAnthropic" }),
      span({ trace: 4, span: 2, parent: 1 }, opusCall(usage), framework()),
      span({ trace: 4, span: 3, parent: 2 }, opusCall(usage), started(1)),
    ]);
    await settle(ledger.target);
    expect(await bills()).toEqual(["1/2", "2/2", "3/2", "4/3"]);
  });

  test("is another one where anything tells them apart", async () => {
    const other = (changed: Record<string, number>): Record<string, string> => opusCall({ ...usage, ...changed });
    await landSpans(
      ledger.target,
      [
        { outer: opusCall(usage), inner: other({ output_tokens: 101 }) },
        { outer: opusCall(usage), inner: other({ input_tokens: 1_001 }) },
        { outer: opusCall(usage), inner: opusCall(usage, { "gen_ai.response.model": "claude-haiku-4-5" }) },
        {
          outer: opusCall(usage, response),
          inner: opusCall(usage, { "gen_ai.response.id": "msg_01ZZZZZZZZZZZZZZZZZZZZZZ" }),
        },
        // After the outer one had ended: its context leaked.
        { outer: opusCall(usage), inner: opusCall(usage), when: started(9) },
        // The same layer twice.
        { outer: opusCall(usage), inner: opusCall(usage), when: framework(1) },
      ].flatMap(({ outer, inner, when }, index) => [
        span({ trace: index + 1, span: 1 }, outer, framework()),
        span({ trace: index + 1, span: 2, parent: 1 }, inner, when ?? started(1)),
      ]),
    );
    await settle(ledger.target);
    expect(await bills()).toHaveLength(12);
  });

  test("is one of several: each pays, and the outer one is the first that fits", async () => {
    await landSpans(ledger.target, [
      span({ trace: 1, span: 1 }, opusCall(usage), framework()),
      span({ trace: 1, span: 2, parent: 1 }, opusCall(usage), started(1, 1)),
      span({ trace: 1, span: 3, parent: 1 }, opusCall(usage), started(3, 1)),
      // Nothing to compare, and two that it could be.
      span({ trace: 2, span: 1 }, opusCall({}), framework()),
      span({ trace: 2, span: 2, parent: 1 }, opusCall(usage), started(1, 1)),
      span({ trace: 2, span: 3, parent: 1 }, opusCall(usage), started(3, 1)),
    ]);
    await settle(ledger.target);
    expect(await bills()).toEqual(["1/2", "1/3", "2/1", "2/2", "2/3"]);
  });
});

describe("a call beside another call of its trace", () => {
  const ms = (from: number, duration: number): Partial<LandingRow> => ({
    Timestamp: `1780000000.${String(from).padStart(3, "0")}000000`,
    Duration: String(duration * 1_000_000),
  });
  const beside = (from: number, duration: number): Partial<LandingRow> => ({
    ...ms(from, duration),
    ScopeName: "some.framework",
  });

  test("is the same one where it runs within its time and both say the same", async () => {
    await landSpans(ledger.target, [
      span({ trace: 1, span: 1, parent: 9 }, opusCall(usage), beside(100, 50)),
      span({ trace: 1, span: 2, parent: 8 }, opusCall(usage, response), ms(110, 30)),
      // Three at once, that say the same: three were paid.
      ...[1, 2, 3].flatMap((one) => [
        span({ trace: 2, span: one, parent: 9 }, opusCall(usage), beside(100 + one, 60)),
        span({ trace: 2, span: one + 3, parent: 8 }, opusCall(usage), ms(110 + one, 40)),
      ]),
    ]);
    await settle(ledger.target);
    expect(await bills()).toEqual(["1/2", "2/4", "2/5", "2/6"]);
  });

  test("is another one where anything tells them apart, or nothing was reported to compare", async () => {
    const other = (changed: Record<string, number>): Record<string, string> => opusCall({ ...usage, ...changed });
    await landSpans(
      ledger.target,
      [
        { outer: opusCall(usage), inner: other({ output_tokens: 101 }), when: ms(110, 30) },
        { outer: opusCall(usage), inner: other({ input_tokens: 999 }), when: ms(110, 30) },
        { outer: opusCall({}), inner: opusCall(usage), when: ms(110, 30) },
        { outer: opusCall(usage), inner: opusCall(usage), when: ms(130, 30) },
        { outer: opusCall(usage), inner: opusCall(usage), when: beside(110, 30) },
      ].flatMap(({ outer, inner, when }, index) => [
        span({ trace: index + 1, span: 1, parent: 9 }, outer, beside(100, 50)),
        span({ trace: index + 1, span: 2, parent: 8 }, inner, when),
      ]),
    );
    await settle(ledger.target);
    expect(await bills()).toHaveLength(10);
  });
});

test("two that were taken for one are two again when a third comes late", async () => {
  await landSpans(ledger.target, [
    span({ span: 1 }, opusCall({}, { "gen_ai.response.id": "" }), framework()),
    span({ span: 3, parent: 1 }, opusCall(usage), started(3, 1)),
  ]);
  await settle(ledger.target);
  expect(await bills()).toEqual(["1/3"]);
  await landSpans(ledger.target, [span({ span: 2, parent: 1 }, opusCall(usage), started(1, 1))]);
  await settle(ledger.target);
  expect(await bills()).toEqual(["1/1", "1/2", "1/3"]);
  await settle(ledger.target);
  expect(await bills()).toEqual(["1/1", "1/2", "1/3"]);
});
