import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { catalogueVersion, landSpans, migrate, queryView, reprice, settle } from "../src/index.ts";
import { type LedgerTarget, selectRows } from "../src/ledger-target.ts";
import { jobs } from "../src/settlement.ts";
import { doByItself } from "./own-accord.ts";
import { randomSpans } from "./random-ledger.ts";
import { startTestCluster, type TestCluster } from "./test-cluster.ts";
import { opusCall, span, startTestLedger } from "./test-ledger.ts";
import { answersAbout, answerOf, expectedOf, fullestCases } from "./view-cases.ts";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const shards = 3;
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster(shards);
});
afterAll(() => cluster.stop());

const node = (number: number): LedgerTarget => {
  const found = cluster.nodes[number];
  if (found === undefined) throw new Error(`no node ${number}`);
  return found;
};

describe("a cluster of three shards answers as one node does", () => {
  test.each(fullestCases())("$view: $name", async (one) => {
    expect(await answerOf(cluster, one)).toBe(readFileSync(expectedOf(one), "utf8"));
  });

  test("and about spans that come late, twice, in pieces and to any node", async () => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
    console.log(`cluster: SEED=${seed}`);
    const spans = randomSpans(seed, 150);
    const single = await startTestLedger();
    await cluster.clear();
    await landSpans(single.target, spans);
    for (let from = 0; from < spans.length; from += 60) {
      await landSpans(node((from / 60) % shards), spans.slice(from, from + 60));
    }
    for (const target of [single.target, node(1)]) {
      await settle(target);
      const year = { from: new Date("2026-01-01"), to: new Date("2027-01-01") };
      await reprice(target, year, await catalogueVersion(target));
    }
    const expected = await answersAbout(single);
    await single.stop();
    expect(await answersAbout({ ...cluster, target: node(2) })).toEqual(expected);
  });
});

describe("a trace", () => {
  beforeEach(() => cluster.clear());

  const tracesOn = async (target: LedgerTarget, table: string): Promise<string[]> => {
    const rows = await selectRows<{ trace_id: string }>(
      target,
      `SELECT DISTINCT toString(trace_id) AS trace_id FROM ledger.${table} ORDER BY trace_id`,
    );
    return rows.map((row) => row.trace_id);
  };

  test.each(["otel_traces", "otel_traces_local"])("is on one shard with all its facts, sent to %s", async (table) => {
    const spans = randomSpans(7, 60);
    for (const target of cluster.nodes) {
      await target.client.insert({
        table: `ledger.${table}`,
        values: spans,
        format: "JSONEachRow",
        clickhouse_settings: { async_insert: 0, distributed_foreground_insert: 1 },
      });
    }
    const placed = await Promise.all(cluster.nodes.map((target) => tracesOn(target, "spans_local")));
    expect(placed.every((traces) => traces.length > 0)).toBe(true);
    expect(placed.flat().toSorted()).toEqual(await tracesOn(node(0), "spans"));
    for (const fact of ["llm_calls", "agent_runs", "tool_calls"]) {
      for (const [number, target] of cluster.nodes.entries()) {
        expect(placed[number]).toEqual(expect.arrayContaining(await tracesOn(target, `${fact}_local`)));
      }
    }
  });
});

async function runJobs(): Promise<void> {
  for (const job of jobs) await doByItself(node(0), job);
}

describe("a call reported by layers in traces of different shards", () => {
  const response = { "gen_ai.response.id": "msg_01ABCDEFGHIJKLMNOPQRSTUV" };
  const usage = { input_tokens: 1_000, output_tokens: 100 };
  const reports = Array.from({ length: 6 }, (_, index) =>
    span(
      { trace: index + 1, span: index + 1 },
      opusCall(usage, response),
      index === 4 ? {} : { ScopeName: "framework" },
    ),
  );
  beforeEach(() => cluster.clear());

  test("is one bill, elected by the jobs of the nodes themselves", async () => {
    await landSpans(node(2), reports);
    const places = await Promise.all(
      cluster.nodes.map((target) => selectRows(target, "SELECT span_id FROM ledger.llm_calls_local")),
    );
    expect(places.filter((rows) => rows.length > 0).length).toBeGreaterThan(1);
    await runJobs();
    const bills = await selectRows(node(0), "SELECT span_id, billed_by FROM ledger.llm_calls FINAL ORDER BY span_id");
    expect(bills).toEqual(
      reports.map((_, index) => ({ span_id: String(index + 1), billed_by: index === 4 ? "0" : "5" })),
    );
    const [total] = await queryView(node(1), "ledger_total");
    expect(total).toMatchObject({ calls: "1", repeated_reports: "5", cost_usd: "0.0075" });
  });

  test("is one bill too where a late report gives it another key, on another shard", async () => {
    const layers = ["framework.outer", "framework.inner", "@tokenledger/instrumentation-anthropic"];
    const calls = Array.from({ length: 5 }, (_, call) =>
      layers.map((ScopeName, depth) => {
        const id = { trace: call + 1, span: 10 * call + depth + 1, ...(depth > 0 && { parent: 10 * call + depth }) };
        const own = depth === 2 ? { "gen_ai.response.id": `msg_${String(call).padStart(24, "0")}` } : {};
        const time = { Timestamp: `1780000000.${depth}`, Duration: "2000000000" };
        return span(id, opusCall(usage, own), { ScopeName, ...time });
      }),
    );
    await landSpans(
      node(0),
      calls.flatMap((spans) => spans.slice(0, 2)),
    );
    await runJobs();
    expect(await queryView(node(0), "ledger_total")).toMatchObject([{ calls: "5", repeated_reports: "5" }]);
    await landSpans(
      node(1),
      calls.flatMap((spans) => spans.slice(2)),
    );
    await runJobs();
    await runJobs();
    const [total] = await queryView(node(0), "ledger_total");
    expect(total).toMatchObject({ calls: "5", repeated_reports: "10", cost_usd: "0.0375" });
    const rows = (): Promise<unknown> =>
      selectRows(node(0), "SELECT sum(cityHash64(*)) AS hash, count() AS rows FROM ledger.llm_calls");
    const settled = await rows();
    await runJobs();
    expect(await rows()).toEqual(settled);
  });
});

test("no part keeps hashes of what was inserted: shards pass one another rows under the token of a batch", async () => {
  const keeping = await selectRows(
    node(0),
    `SELECT name, engine_full FROM system.tables WHERE database = 'ledger' AND name LIKE '%\\_local' AND engine LIKE '%MergeTree'
     AND (engine_full NOT LIKE '% replicated_deduplication_window = 0%' OR engine_full NOT LIKE '%non_replicated_deduplication_window = 0%')`,
  );
  expect(keeping).toEqual([]);
  await cluster.clear();
  const usage = opusCall({ input_tokens: 1, output_tokens: 1 });
  const spans = Array.from({ length: 60 }, (_, index) => span({ trace: index + 1, span: index + 1 }, usage));
  await landSpans(node(0), spans, { deduplicationToken: "one batch" });
  const reports = "SELECT uniqExact(span_id) AS reports FROM ledger.call_reports";
  expect(await selectRows(node(0), reports)).toEqual([{ reports: "60" }]);
});

test("migrating again changes nothing, and what is redefined keeps its rows", async () => {
  expect(await migrate(cluster.target)).toEqual({ migrations: [], objects: [] });
  await landSpans(node(1), randomSpans(5, 50));
  await settle(node(0));
  const before = await answersAbout(cluster);
  const changed = ["llm_calls", "otel_traces", "read_spans", "trace_cost"];
  const older = changed.map((name) => ({ name, content_hash: "older" }));
  for (const { client } of cluster.nodes) {
    await client.insert({
      table: "ledger.schema_objects",
      values: older,
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
  }
  expect((await migrate(cluster.target)).objects.toSorted()).toEqual(changed);
  expect(await answersAbout(cluster)).toEqual(before);
});
