import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type LandingRow, landSpans, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const foreign = { ScopeName: "some.framework" };
const usage = { input_tokens: 1_000, output_tokens: 100 };
type Id = Parameters<typeof span>[0];

const agent = (id: Id, name: string, more: Record<string, string> = {}): LandingRow =>
  span(id, { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name, ...more }, foreign);
const step = (id: Id, more: Record<string, string> = {}): LandingRow => span(id, more, foreign);
const call = (id: Id, more: Record<string, string> = {}): LandingRow => span(id, opusCall(usage, more), foreign);
const tool = (id: Id): LandingRow =>
  span(id, { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" }, foreign);
/** Attributes that Tokenledger's span processor puts on a span. */
const stamp = (path: readonly string[], run: string): Record<string, string> => ({
  "tokenledger.agent.path": JSON.stringify(path),
  "tokenledger.agent.run_id": run,
  "tokenledger.process.id": "process",
});
const paths = async (): Promise<unknown[]> =>
  (await calls(ledger.target, "agent_path")).map((row) => row["agent_path"]);
const rowsWritten = (): Promise<Record<string, unknown>[]> =>
  selectRows(
    ledger.target,
    "SELECT (SELECT count() FROM ledger.llm_calls) + (SELECT count() FROM ledger.agent_runs) + (SELECT count() FROM ledger.tool_calls) AS rows",
  );

describe("spans of other emitters", () => {
  test("get agent, run, step and labels from their ancestors, whatever stands between", async () => {
    const labels = { "session.id": "talk", "tokenledger.customer.id": "acme" };
    await landSpans(ledger.target, [
      step({ span: 1 }, labels),
      agent({ span: 2, parent: 1 }, "lead"),
      call({ span: 3, parent: 2 }),
      tool({ span: 4, parent: 2 }),
      step({ span: 5, parent: 4 }),
      agent({ span: 6, parent: 5 }, "helper", { "tokenledger.customer.id": "other" }),
      call({ span: 7, parent: 6 }),
      call({ span: 8, parent: 2 }),
    ]);
    await settle(ledger.target);
    const common = "agent_path, agent_run_id, customer_id";
    expect(
      await calls(ledger.target, `${common}, agent_name, agent_parent_run_id, agent_step, conversation_id`),
    ).toEqual(
      [
        ["lead", ["lead"], "0000000000000002", "", 1, "acme"],
        ["helper", ["lead", "helper"], "0000000000000006", "0000000000000002", 1, "other"],
        ["lead", ["lead"], "0000000000000002", "", 2, "acme"],
      ].map(([agent_name, agent_path, agent_run_id, agent_parent_run_id, agent_step, customer_id]) => ({
        agent_name,
        agent_path,
        agent_run_id,
        agent_parent_run_id,
        agent_step,
        customer_id,
        conversation_id: "talk",
      })),
    );
    expect(await selectRows(ledger.target, `SELECT ${common} FROM ledger.agent_runs FINAL ORDER BY span_id`)).toEqual([
      { agent_path: ["lead"], agent_run_id: "0000000000000002", customer_id: "acme" },
      { agent_path: ["lead", "helper"], agent_run_id: "0000000000000006", customer_id: "other" },
    ]);
    expect(await selectRows(ledger.target, `SELECT ${common}, agent_step FROM ledger.tool_calls FINAL`)).toEqual([
      { agent_path: ["lead"], agent_run_id: "0000000000000002", customer_id: "acme", agent_step: 1 },
    ]);
    const written = await rowsWritten();
    await settle(ledger.target);
    expect(await rowsWritten(), "what is right is not written again").toEqual(written);
  });

  test("find their place when parents come late, a day apart, and survive those that never come", async () => {
    const evening = { Timestamp: "1780012799.000000000", ...foreign };
    const night = { Timestamp: "1780012801.000000000", ...foreign };
    await landSpans(ledger.target, [
      span({ span: 3, parent: 2 }, opusCall(usage), night),
      call({ trace: 2, span: 9, parent: 8 }),
    ]);
    await settle(ledger.target);
    expect(await paths()).toEqual([[], []]);
    await landSpans(ledger.target, [
      span({ span: 2, parent: 1 }, {}, evening),
      span({ span: 1 }, { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "lead" }, evening),
    ]);
    await settle(ledger.target);
    expect(await paths()).toEqual([["lead"], []]);
    await landSpans(ledger.target, [span({ span: 3, parent: 2 }, opusCall(usage), night)]);
    expect(await paths(), "a redelivery undoes nothing").toEqual([["lead"], []]);
  });

  test("on or under a circle of parents stand for themselves", async () => {
    await landSpans(ledger.target, [
      agent({ span: 1, parent: 3 }, "one"),
      agent({ span: 2, parent: 1 }, "two"),
      call({ span: 3, parent: 2 }, { "gen_ai.agent.name": "three" }),
      call({ span: 4, parent: 3 }),
      call({ span: 5, parent: 5 }),
    ]);
    await settle(ledger.target);
    expect(await paths()).toEqual([["three"], [], []]);
  });

  test("a thousand levels deep, in a trace of five thousand, find their root", async () => {
    const rows = Array.from({ length: 1_000 }, (_, level) => {
      const node = level * 5 + 1;
      const id = level === 0 ? { span: node } : { span: node, parent: node - 5 };
      const leaves = [1, 2, 3, 4].map((leaf) => call({ span: node + leaf, parent: node }));
      return [level % 100 === 0 ? agent(id, `level-${level}`) : step(id), ...leaves];
    }).flat();
    await landSpans(ledger.target, rows.toReversed());
    await settle(ledger.target);
    const [deepest] = await selectRows(
      ledger.target,
      `SELECT max(length(agent_path)) AS depth, countIf(agent_path[1] = 'level-0') AS rooted, max(agent_step) AS steps
       FROM ledger.llm_calls FINAL`,
    );
    expect(deepest).toEqual({ depth: "10", rooted: "4000", steps: 400 });
  });
});

describe("stamped and foreign spans in one trace", () => {
  test("continue each other's chain", async () => {
    await landSpans(ledger.target, [
      agent({ span: 1 }, "outer"),
      span(
        { span: 2, parent: 1 },
        { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "desk", ...stamp(["desk"], "run-desk") },
        { ScopeName: "@tokenledger/core" },
      ),
      agent({ span: 3, parent: 2 }, "inner", stamp(["desk"], "run-desk")),
      span({ span: 4, parent: 3 }, opusCall(usage, stamp(["desk"], "run-desk"))),
      span({ span: 5, parent: 3 }, opusCall(usage, stamp(["desk", "editor"], "run-editor"))),
      call({ span: 6, parent: 5 }, { "gen_ai.response.model": "another" }),
    ]);
    await settle(ledger.target);
    expect(await calls(ledger.target, "agent_path, agent_run_id")).toEqual([
      { agent_path: ["outer", "desk", "inner"], agent_run_id: "0000000000000003" },
      { agent_path: ["outer", "desk", "inner", "editor"], agent_run_id: "run-editor" },
      { agent_path: ["outer", "desk", "inner", "editor"], agent_run_id: "run-editor" },
    ]);
  });

  test("a stamp wins over a parent of another chain, and wholly stamped traces are left alone", async () => {
    await landSpans(ledger.target, [
      agent({ span: 1 }, "lead", stamp(["lead"], "run-lead")),
      span({ span: 2, parent: 1 }, opusCall(usage, stamp(["other"], "run-other"))),
      span({ trace: 2, span: 3, parent: 9 }, opusCall(usage, stamp(["alone"], "run-alone"))),
    ]);
    await settle(ledger.target);
    expect(await calls(ledger.target, "agent_path, agent_run_id, version % 4294967296 > 0 AS was_rewritten")).toEqual([
      { agent_path: ["other"], agent_run_id: "run-other", was_rewritten: 1 },
      { agent_path: ["alone"], agent_run_id: "run-alone", was_rewritten: 0 },
    ]);
  });
});
