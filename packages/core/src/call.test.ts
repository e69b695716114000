import fc from "fast-check";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Call } from "./call.ts";
import { tracerFor } from "./telemetry.ts";
import { collectSpans } from "./testing.ts";
import { fakeClient } from "./testing/fake-sdk.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterAll(() => collector.stop());

const usage = { input: { total: 10 }, output: { total: 5 } };
const operation = {
  target: "",
  name: "chat",
  request: () => ({}),
  response: () => ({ usage }),
  fold: () => undefined,
} as const;
const adapter = { id: "x", provider: "x", module: { name: "x", versions: "*" }, operations: [operation] };

const endings = {
  complete: (call: Call) => call.complete({}),
  completed: (call: Call) => call.close("completed"),
  cancelled: (call: Call) => call.close("cancelled"),
  abandoned: (call: Call) => call.close("abandoned"),
  failed: (call: Call) => call.fail(new RangeError("x")),
  aborted: (call: Call) => call.fail(new DOMException("x", "AbortError")),
  chunk: (call: Call) => call.chunk({}),
};
const outcomes: Record<string, string> = { complete: "completed", aborted: "cancelled" };

test("a call ends once, with its first ending, in whatever order endings come", () => {
  const events = fc.array(fc.constantFrom(...(Object.keys(endings) as (keyof typeof endings)[])));
  fc.assert(
    fc.property(events, (order) => {
      collector.reset();
      const call = new Call(tracerFor("test"), adapter, operation, {}, {});
      for (const event of order) endings[event](call);
      const first = order.find((event) => event !== "chunk");
      const spans = collector.calls();
      const expected = first === undefined ? [] : [outcomes[first] ?? first];
      expect(spans.map((span) => span["tokenledger.call.outcome"])).toEqual(expected);
      if (first === undefined) call.close("abandoned");
    }),
  );
});

test("a plain promise settles alike, and its rejection stays the user's", async () => {
  const client = fakeClient(({ model }) =>
    model === "bad" ? Promise.reject(new RangeError("no")) : Promise.resolve({ usage }),
  );
  await expect(client.create({ model: "good" })).resolves.toEqual({ usage });
  await expect(client.create({ model: "bad" })).rejects.toThrow(RangeError);
  expect(collector.calls().map((call) => call["tokenledger.call.outcome"])).toEqual(["completed", "failed"]);
});

test("a method that throws at once, and one that returns a plain value", () => {
  const client = fakeClient(({ model }) => {
    if (model === "bad") throw new RangeError("no");
    return { usage };
  });
  expect(() => client.create({ model: "bad" })).toThrow(RangeError);
  expect(client.create({ model: "good" })).toEqual({ usage });
  expect(collector.calls().map((call) => call["tokenledger.usage.source"])).toEqual([undefined, "reported"]);
});

test("billed lines are rows of their own beside the call", () => {
  const lines = [
    { kind: "compaction", usage: { input: { total: 7 }, output: { total: 1 } } },
    { kind: "compaction", usage: { input: { total: 8 } } },
    { kind: "advisor_message", model: "advisor-1", usage: { output: { total: 3 } } },
  ];
  fakeClient(() => ({ id: "r1", usage: { ...usage, lines } })).create({ model: "m" });
  const rows = collector
    .calls()
    .map((call) => [
      call["tokenledger.usage.line"],
      call["gen_ai.response.model"],
      call["gen_ai.usage.input_tokens"],
      call["gen_ai.response.id"],
    ]);
  expect(rows).toEqual([
    ["compaction/0", undefined, 7, "r1"],
    ["compaction/1", undefined, 8, "r1"],
    ["advisor_message/0", "advisor-1", undefined, "r1"],
    [undefined, undefined, 10, "r1"],
  ]);
});
