import fc from "fast-check";
import type { Attributes } from "@opentelemetry/api";
import { afterAll, beforeEach, expect, test } from "vitest";
import { recordOutcome, withTask } from "./context.ts";
import { startAgentRun, startToolCall, withAgent } from "./structure.ts";
import { collectSpans, readAll } from "./testing.ts";
import { type FakeAnswer, fakeClient } from "./testing/fake-sdk.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterAll(() => collector.stop());

const answering = (answer: FakeAnswer = {}): (() => unknown) => {
  const client = fakeClient(() => Promise.resolve(answer));
  return () => client.create({ model: "m" });
};
const spanNamed = (name: string): Attributes => {
  const found = collector.spans().find((span) => span.name === name);
  if (!found) throw new Error(`no span ${name}`);
  return found.attributes as Attributes;
};

interface Tree {
  name: string;
  calls: number;
  children: Tree[];
}

test("calls carry the path of their agents, their run and their step, however agents nest and interleave", async () => {
  const leaves: fc.Arbitrary<Tree[]> = fc.constant([]);
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.record({
      name: fc.string({ minLength: 1, maxLength: 8 }),
      calls: fc.nat(3),
      children: fc.oneof({ maxDepth: 3 }, leaves, fc.array(tie("tree"), { maxLength: 3 })),
    }),
  }));
  const call = answering();
  const expected: string[] = [];
  const walk = ({ name, calls, children }: Tree, above: string[]): Promise<unknown> =>
    withAgent(name, async () => {
      const path = [...above, name];
      for (let step = 1; step <= calls; step += 1) {
        expected.push(JSON.stringify([path, step]));
        await call();
      }
      await Promise.all(children.map((child) => walk(child, path)));
    });
  await fc.assert(
    fc.asyncProperty(tree, async (root) => {
      collector.reset();
      expected.length = 0;
      await walk(root, []);
      const seen = collector
        .calls()
        .map((span) =>
          JSON.stringify([JSON.parse(String(span["tokenledger.agent.path"])), span["tokenledger.agent.step"]]),
        );
      expect(seen.toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 60 },
  );
});

test("a run knows the run around it, and its span ends with what it was given", async () => {
  await withAgent("planner", () => withAgent("writer", answering()));
  const [planner, writer] = [spanNamed("invoke_agent planner"), spanNamed("invoke_agent writer")];
  expect(writer["tokenledger.agent.parent_run_id"]).toBe(planner["tokenledger.agent.run_id"]);
  expect(planner).toMatchObject({ "tokenledger.usage.scope": "aggregate", "tokenledger.agent.path": '["planner"]' });
  expect(spanNamed("chat m")["tokenledger.agent.run_id"]).toBe(writer["tokenledger.agent.run_id"]);
});

test("a failure passes through and marks the run", async () => {
  const failure = new RangeError("no");
  await expect(withAgent("one", () => Promise.reject(failure))).rejects.toBe(failure);
  expect(() =>
    withAgent("two", () => {
      throw failure;
    }),
  ).toThrow(failure);
  for (const name of ["one", "two"]) {
    expect(spanNamed(`invoke_agent ${name}`)).toMatchObject({ "error.type": "RangeError" });
  }
});

test("an agent that is a generator works in its run, and the run lasts until it has been read", async () => {
  const call = answering();
  const stream = withAgent("streamer", async function* () {
    yield await call();
  });
  expect(collector.spans()).toEqual([]);
  expect(await readAll(stream)).toEqual({ chunks: [{}] });
  expect(spanNamed("chat m")["tokenledger.agent.path"]).toBe('["streamer"]');
  expect(spanNamed("invoke_agent streamer")["tokenledger.call.outcome"]).toBe("completed");
});

test("labels of a task are on every span in it, inner ones over outer ones", async () => {
  await withTask({ id: "t1", customer: "acme", feature: "search" }, () =>
    withAgent("helper", () =>
      withTask({ feature: "rerank" }, async () => {
        await answering()();
        recordOutcome("resolved");
      }),
    ),
  );
  expect(spanNamed("chat m")).toMatchObject({
    "tokenledger.task.id": "t1",
    "tokenledger.customer.id": "acme",
    "tokenledger.feature.name": "rerank",
  });
  expect(spanNamed("invoke_agent helper")).toMatchObject({
    "tokenledger.feature.name": "search",
    "tokenledger.task.outcome": "resolved",
  });
});

test("a tool names the model call that asked for it, by id or by name", async () => {
  const asked = [
    { id: "c1", name: "search" },
    { id: "c2", name: "search" },
  ];
  await withAgent("helper", async () => {
    await answering({ tools: asked })();
    startToolCall({ name: "search", callId: "c2" }).end();
    startToolCall({ name: "search" }).end();
    startToolCall({ name: "unasked" }).end();
  });
  const asking = collector
    .spans()
    .find((span) => span.name === "chat m")
    ?.spanContext().spanId;
  const tools = collector.spans().filter((span) => span.name.startsWith("execute_tool"));
  const origins = tools.map(({ attributes }) => [
    attributes["gen_ai.tool.call.id"],
    attributes["tokenledger.tool_call.origin_span_id"],
    attributes["tokenledger.agent.step"],
  ]);
  expect(origins).toEqual([
    ["c2", asking, 1],
    ["c1", asking, 1],
    [undefined, undefined, 1],
  ]);
});

test("a framework opens and closes runs by hand, with hand-offs, and only the first end counts", () => {
  const run = startAgentRun({ name: "refunds", id: "run-7", handoffFrom: "triage", attributes: { extra: 1 } });
  const tool = startToolCall({ name: "lookup", parent: run.context });
  tool.end({ error: new RangeError("no") });
  run.end();
  run.end({ error: new RangeError("late") });
  expect(spanNamed("invoke_agent refunds")).toMatchObject({
    "tokenledger.agent.run_id": "run-7",
    "tokenledger.handoff.from": "triage",
    "tokenledger.call.outcome": "completed",
    extra: 1,
  });
  expect(spanNamed("execute_tool lookup")).toMatchObject({
    "error.type": "RangeError",
    "gen_ai.agent.name": "refunds",
  });
});
