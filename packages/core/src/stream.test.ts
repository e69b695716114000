import fc from "fast-check";
import { afterAll, beforeEach, expect, test } from "vitest";
import { collectSpans, readAll } from "./testing.ts";
import { fakeClient } from "./testing/fake-sdk.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterAll(() => collector.stop());

const usage = { input: { total: 10 }, output: { total: 5 } };
const outcomes = (): unknown[] => collector.calls().map((call) => call["tokenledger.call.outcome"]);

async function* generate(length: number, failsAfter = Infinity): AsyncGenerator<object> {
  for (let index = 0; index < length; index += 1) {
    if (index >= failsAfter) throw new RangeError("cut");
    yield index === length - 1 ? { index, usage } : { index };
  }
}

const open = (stream: unknown): AsyncGenerator<object> =>
  fakeClient(() => stream).create({ model: "m" }) as AsyncGenerator<object>;

test("a generator stays the same object and is billed at its end", async () => {
  const stream = generate(3);
  expect(open(stream)).toBe(stream);
  expect(await readAll(stream)).toEqual({ chunks: [{ index: 0 }, { index: 1 }, { index: 2, usage }] });
  expect(collector.calls()).toMatchObject([
    { "gen_ai.usage.input_tokens": 10, "tokenledger.call.outcome": "completed" },
  ]);
});

test("a generator that is closed before it is read", async () => {
  const stream = open(generate(3));
  expect(await stream.return("early")).toEqual({ done: true, value: "early" });
  expect(outcomes()).toEqual(["cancelled"]);
});

test("an iterable whose steps are not promises, and that has no return()", async () => {
  const steps = [
    { done: false, value: { usage } },
    { done: true, value: undefined },
  ];
  const stream = { [Symbol.asyncIterator]: () => ({ next: () => steps.shift() }) };
  open(stream);
  expect(await readAll(stream as never)).toEqual({ chunks: [{ usage }] });
  expect(outcomes()).toEqual(["completed"]);
});

test("a step that throws at once", async () => {
  const stream = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        throw new RangeError("now");
      },
    }),
  };
  open(stream);
  expect(await readAll(stream as never)).toEqual({ chunks: [], thrown: new RangeError("now") });
  expect(outcomes()).toEqual(["failed"]);
});

test("a cut stream says which counts are final", async () => {
  const stream = open(
    (async function* () {
      yield { usage: { input: { total: 10 } } };
      yield {};
    })(),
  );
  await readAll(stream, () => true);
  expect(collector.calls()).toMatchObject([
    { "gen_ai.usage.input_tokens": 10, "tokenledger.usage.source": "partial", "tokenledger.call.outcome": "cancelled" },
  ]);
  expect(collector.calls()[0]).not.toHaveProperty("gen_ai.usage.output_tokens");
});

test("whatever a reader does, it sees what it would see without us, and the call ends at most once", async () => {
  const action = fc.constantFrom("next", "return", "throw");
  const reading = fc.record({
    length: fc.nat(4),
    failsAfter: fc.oneof(fc.constant(Infinity), fc.nat(4)),
    actions: fc.array(action, { maxLength: 7 }),
    atOnce: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(reading, async ({ length, failsAfter, actions, atOnce }) => {
      collector.reset();
      const read = async (stream: AsyncGenerator<object>): Promise<unknown[]> => {
        const step = (name: "next" | "return" | "throw"): Promise<unknown> =>
          stream[name](new RangeError("by the reader")).catch((error: Error) => error.message);
        if (atOnce) return await Promise.all(actions.map(step));
        const seen: unknown[] = [];
        for (const name of actions) seen.push(await step(name));
        return seen;
      };
      const bare = await read(generate(length, failsAfter));
      expect(await read(open(generate(length, failsAfter)))).toEqual(bare);
      expect(collector.calls().length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200 },
  );
});
