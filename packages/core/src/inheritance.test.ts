import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetSettings, inheritanceVariable } from "./config.ts";
import { withTask } from "./context.ts";
import { readInheritance } from "./inheritance.ts";
import { withAgent } from "./structure.ts";
import { collectSpans } from "./testing.ts";
import { fakeClient } from "./testing/fake-sdk.ts";

const collector = collectSpans();
beforeEach(() => collector.reset());
afterEach(() => {
  vi.unstubAllEnvs();
  forgetSettings();
});
afterAll(() => collector.stop());

const script = `process.stdout.write(process.env.${inheritanceVariable} ?? "none")`;
const told = async (options?: object): Promise<string> => {
  const child = spawn(process.execPath, ["-e", script], options ?? {});
  if (!child.stdout) throw new Error("no output");
  return await text(child.stdout);
};

test("a child knows the agents, the task and the span it was started from; this process is unchanged", async () => {
  const before = { ...process.env };
  const options = { env: { PATH: process.env["PATH"] } };
  const outputs = await withTask({ id: "t1", customer: "acme" }, () =>
    withAgent("planner", async () => [
      await told(),
      await told(options),
      (await promisify(execFile)(process.execPath, ["-e", script])).stdout,
    ]),
  );
  const run = collector.spans().find((span) => span.name === "invoke_agent planner");
  for (const output of outputs) {
    expect(readInheritance(output)).toMatchObject({
      parent: { traceId: run?.spanContext().traceId, spanId: run?.spanContext().spanId },
      run: { name: "planner", path: ["planner"], id: run?.attributes["tokenledger.agent.run_id"] },
      task: { id: "t1", customer: "acme", feature: undefined },
    });
  }
  expect({ ...process.env }).toEqual(before);
  expect(options).toEqual({ env: { PATH: process.env["PATH"] } });
});

test("a forked child inherits too", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "tokenledger-")), "child.cjs");
  writeFileSync(file, `process.send(process.env.${inheritanceVariable})`);
  const child = withAgent("planner", () => fork(file, { execArgv: [] }));
  const [message] = (await once(child, "message")) as [string];
  expect(readInheritance(message)?.run?.name).toBe("planner");
});

test("outside any agent and task a child is told nothing", async () => {
  withAgent("before", () => undefined);
  expect(await told()).toBe("none");
});

test("calls of the child belong to the parent's run and trace; its agents are below it", async () => {
  const parent = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
  const run = { name: "planner", id: "run-1", path: ["planner"] };
  vi.stubEnv(inheritanceVariable, JSON.stringify({ version: 1, parent, run, task: { customer: "acme" } }));
  forgetSettings();
  const client = fakeClient(() => Promise.resolve({}));
  await client.create({ model: "m" });
  await withAgent("worker", () => client.create({ model: "m" }));
  const [direct, below] = collector.spans().filter((span) => span.name === "chat m");
  expect(direct?.spanContext().traceId).toBe(parent.traceId);
  expect(direct?.parentSpanContext?.spanId).toBe(parent.spanId);
  expect(direct?.attributes).toMatchObject({
    "tokenledger.agent.run_id": "run-1",
    "tokenledger.customer.id": "acme",
  });
  // Its place among the parent's calls is not known here.
  expect(direct?.attributes).not.toHaveProperty("tokenledger.agent.step");
  expect(below?.attributes).toMatchObject({
    "tokenledger.agent.path": '["planner","worker"]',
    "tokenledger.agent.parent_run_id": "run-1",
    "tokenledger.agent.step": 1,
  });
});

test("whatever the variable holds, it breaks nothing", () => {
  const shaped = fc.record(
    { version: fc.constant(1), parent: fc.anything(), run: fc.anything(), task: fc.anything() },
    { requiredKeys: [] },
  );
  const client = fakeClient(() => ({}));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        shaped.map((value) => JSON.stringify(value) ?? ""),
      ),
      (value) => {
        vi.stubEnv(inheritanceVariable, value);
        forgetSettings();
        collector.reset();
        client.create({ model: "m" });
        expect(collector.calls()).toHaveLength(1);
      },
    ),
  );
});
