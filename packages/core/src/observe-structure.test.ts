import { afterAll, beforeEach, expect, test } from "vitest";
import { withAgent } from "./structure.ts";
import { collectSpans } from "./testing.ts";
import { fakeClient } from "./testing/fake-sdk.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterAll(() => collector.stop());

const tree = (): string[] =>
  collector.spans().map((span) => {
    const parent = collector.spans().find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId);
    return `${parent?.name ?? "root"} > ${span.name}`;
  });

const describe = (callback: unknown): unknown[] =>
  typeof callback === "function" ? [callback.name, callback.length] : [];

/** Asks the model, runs the tool it asked for, and asks again. */
const looping = () =>
  fakeClient(
    () => Promise.resolve({ tools: [{ id: "c1", name: "search" }] }),
    async (client, tools) => {
      await client.create({ model: "m" });
      const found = await tools["search"]?.("this");
      await client.create({ model: "m" });
      return found;
    },
  );
const tools = { search: (input: string) => Promise.resolve(`found ${input}`) };

test("a loop over tools is an agent by the method's name, with its calls and tools below it", async () => {
  expect(await looping().runTools({ tools })).toBe("found this");
  expect(tree()).toEqual([
    "invoke_agent runTools > chat m",
    "invoke_agent runTools > execute_tool search",
    "invoke_agent runTools > chat m",
    "root > invoke_agent runTools",
  ]);
  const steps = collector.calls().map((call) => call["tokenledger.agent.step"]);
  expect(steps).toEqual([1, 2]);
});

test("inside an agent the loop is that agent's own", async () => {
  await withAgent("helper", () => looping().runTools({ tools }));
  expect(tree()).toEqual([
    "invoke_agent helper > chat m",
    "invoke_agent helper > execute_tool search",
    "invoke_agent helper > chat m",
    "root > invoke_agent helper",
  ]);
});

test("a loop with a name of its own is an agent inside the agent", async () => {
  await withAgent("helper", () => looping().runTools({ agent: "searcher", tools }));
  expect(collector.calls().map((call) => call["tokenledger.agent.path"])).toEqual([
    '["helper","searcher"]',
    '["helper","searcher"]',
  ]);
});

test("tool callbacks keep their name, arity and failures, and the user's object stays as it was", async () => {
  const search = (_input: string): never => {
    throw new RangeError("no");
  };
  const given = { search };
  let handed: Record<string, unknown> = {};
  const client = fakeClient(
    () => undefined,
    (_, received) => {
      handed = received;
      return received["search"]?.("x");
    },
  );
  expect(() => client.runTools({ tools: given })).toThrow(RangeError);
  expect(given.search).toBe(search);
  expect(handed["search"]).not.toBe(search);
  expect(describe(handed["search"])).toEqual(["search", 1]);
  expect(collector.spans().map((span) => span.attributes["error.type"])).toEqual(["RangeError", "RangeError"]);
});
