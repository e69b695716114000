import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { queryView } from "@tokenledger/clickhouse";
import { up, type RunningLedger } from "@tokenledger/local";
import type { BillLine } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSample, sampleVariants, settleWhole, type SampleRun } from "./sample.ts";

/** One billed call of the ledger; counts and money as decimal strings. */
interface LedgerCall {
  response_id: string;
  trace_id: string;
  operation: string;
  provider: string;
  model: string;
  service_tier: string;
  outcome: string;
  http_status: string;
  attempts: string;
  streamed: boolean;
  agent_name: string;
  agent_path: string[];
  agent_run_id: string;
  agent_step: string;
  handoff_from: string;
  customer_id: string;
  feature_name: string;
  usage_source: string;
  input_tokens: string | null;
  cache_read_tokens: string | null;
  write_5m: string;
  write_1h: string;
  write_unknown: string;
  output_tokens: string | null;
  reasoning_tokens: string | null;
  unpriced: string;
}

const columns = `response_id, toString(trace_id) AS trace_id, operation, provider, model, service_tier, outcome,
  toString(http_status) AS http_status, toString(attempts) AS attempts, streamed, agent_name, agent_path, agent_run_id,
  toString(agent_step) AS agent_step, handoff_from, customer_id, feature_name, usage_source,
  input_tokens, cache_read_tokens, toString(ifNull(cache_write_5m_tokens, 0)) AS write_5m,
  toString(ifNull(cache_write_1h_tokens, 0)) AS write_1h, toString(ifNull(cache_write_tokens, 0)) AS write_unknown,
  output_tokens, reasoning_tokens, unpriced`;

async function callsOf({ target: { client, database } }: RunningLedger): Promise<LedgerCall[]> {
  const answer = await client.query({
    query: `SELECT ${columns} FROM ${database}.llm_calls FINAL WHERE billed_by = 0 ORDER BY started_at, span_id`,
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
  return answer.json<LedgerCall>();
}

/** What the bill and the ledger must agree on, in the ledger's words. */
const fromBill = (line: BillLine): Record<string, unknown> => ({
  provider: line.provider,
  model: line.model,
  tier: line.serviceTier === "default" ? "standard" : line.serviceTier,
  input: String(line.input),
  cacheRead: String(line.cacheRead),
  write5m: String(line.cacheWrite5m),
  write1h: String(line.cacheWrite1h),
  stream: line.stream,
  outcome: line.outcome,
  // A stream that was left early never said its last count: the ledger marks what it knows as partial.
  ...(line.outcome === "completed"
    ? { output: String(line.output), reasoning: String(line.reasoning), source: "reported" }
    : { source: "partial" }),
});

const fromLedger = (call: LedgerCall): Record<string, unknown> => ({
  provider: call.provider,
  model: call.model,
  tier: call.service_tier,
  input: call.input_tokens,
  cacheRead: call.cache_read_tokens ?? "0",
  write5m: call.write_5m,
  write1h: call.write_1h,
  stream: call.streamed,
  outcome: call.outcome,
  source: call.usage_source,
  ...(call.outcome === "completed" && {
    output: call.output_tokens ?? "0",
    reasoning: call.reasoning_tokens ?? "0",
  }),
});

describe.each(Object.keys(sampleVariants) as (keyof typeof sampleVariants)[])("the sample's ledger, %s", (variant) => {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-sample-"));
  let ledger: RunningLedger;
  let ran: SampleRun;
  let calls: LedgerCall[];

  beforeAll(async () => {
    ledger = await up({ directory, port: 0 });
    ran = await runSample(variant, directory);
    await settleWhole(ledger.target, directory, ran.bill);
    calls = await callsOf(ledger);
  });
  afterAll(async () => {
    await ledger?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const only = (found: (call: LedgerCall) => boolean): LedgerCall[] => calls.filter(found);

  test("leaves the program's own output and exit code alone", () => {
    expect(ran.ended).toMatchObject({
      code: 0,
      stdout: "acme: The brief on heat pumps is ready.\nglobex: The press release is in good style.\n",
      stderr: "",
    });
  });

  test("equals the provider's own bill, row for row, and holds nothing twice", () => {
    const [named, unnamed] = [true, false].map((has) =>
      ran.bill.filter((line) => (line.responseId !== undefined) === has),
    );
    const byId = new Map(calls.filter((call) => call.response_id !== "").map((call) => [call.response_id, call]));
    expect(named?.map((line) => [line.responseId, fromBill(line)])).toEqual(
      named?.map((line) => {
        const call = byId.get(line.responseId ?? "");
        return [line.responseId, call && fromLedger(call)];
      }),
    );
    expect(only((call) => call.response_id === "" && call.outcome !== "failed").map(fromLedger)).toEqual(
      unnamed?.map(fromBill),
    );
    expect(only((call) => call.outcome !== "failed")).toHaveLength(ran.bill.length);
  });

  test("holds the refused call as known to cost nothing, and the retried one with its attempts", () => {
    expect(only((call) => call.outcome === "failed")).toMatchObject([{ http_status: "400", model: "gpt-5.4" }]);
    expect(only((call) => call.attempts === "2")).toMatchObject([{ model: "gpt-5.4-mini", agent_name: "checker" }]);
    expect(only((call) => Number(call.attempts) > 2)).toEqual([]);
  });

  test("keeps an exact duplicate as the two calls that were paid", () => {
    const flex = only((call) => call.service_tier === "flex");
    expect(flex).toHaveLength(2);
    expect(new Set(flex.map((call) => call.response_id)).size).toBe(2);
    expect(new Set(flex.map((call) => call.input_tokens)).size).toBe(1);
  });

  test("puts every call in one tree of agents over both processes, with steps, customer and feature", () => {
    const paths = new Set(calls.map((call) => call.agent_path.join(" > ")));
    expect([...paths].toSorted()).toEqual([
      "desk",
      "desk > checker",
      "desk > editor",
      "desk > researcher",
      "desk > writer",
    ]);
    const steps = (agent: string): string[] => only((call) => call.agent_name === agent).map((call) => call.agent_step);
    expect(steps("researcher")).toEqual(["1", "2", "3"]);
    expect(steps("writer")).toEqual(["1"]);
    expect(only((call) => call.agent_name === "writer")).toMatchObject([{ handoff_from: "researcher" }]);
    expect(new Set(calls.map((call) => call.customer_id))).toEqual(new Set(["acme", "globex"]));
    expect(new Set(calls.map((call) => call.trace_id)).size).toBe(2);
  });

  test("sums: self over agents is the trace, inclusive of the root is the trace, the report is all traces", async () => {
    // The server adds decimals: no float comes near the money.
    const { client, database } = ledger.target;
    const answer = await client.query({
      query: `WITH billed AS (SELECT * FROM ${database}.llm_calls FINAL WHERE billed_by = 0),
          sums AS (SELECT trace_id, sum(known_cost_usd) AS total, sumIf(known_cost_usd, has(agent_path, 'desk')) AS root,
            arraySum(mapValues(sumMap(map(agent_name, known_cost_usd)))) AS agents FROM billed GROUP BY trace_id)
        SELECT toString(s.trace_id) AS id, s.total AS total, s.root AS root, s.agents AS agents, v.known_cost_usd AS viewed
        FROM sums AS s INNER JOIN ${database}.trace_cost(from = '1970-01-01', to = '2100-01-01') AS v
          ON replaceAll(toString(v.trace_id), '-', '') = replaceAll(toString(s.trace_id), '-', '')`,
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_decimals: 1 },
    });
    const traces = await answer.json<Record<"total" | "root" | "agents" | "viewed", string>>();
    expect(traces).toHaveLength(2);
    for (const { total, root, agents, viewed } of traces) expect([root, agents, viewed]).toEqual([total, total, total]);
    const [total] = await queryView(ledger.target, "ledger_total");
    const agents = await queryView(ledger.target, "agent_cost");
    expect(agents.find((row) => row["agent_name"] === "desk")).toMatchObject({
      inclusive_known_cost_usd: total?.["known_cost_usd"],
      inclusive_calls: total?.["calls"],
    });
  });

  test("shows what has no price instead of adding zero", async () => {
    const [total] = await queryView(ledger.target, "ledger_total");
    expect(total).toMatchObject({ cost_usd: null, calls: String(calls.length) });
    expect(only((call) => call.model === "house-checker-2")).toMatchObject([{ unpriced: "no model" }]);
    const coverage = await queryView(ledger.target, "price_coverage");
    expect(coverage.filter((row) => row["reason"] === "no model").map((row) => row["model"])).toEqual([
      "house-checker-2",
    ]);
  });

  test("misses no span of any process", async () => {
    const processes = await queryView(ledger.target, "delivery_health");
    expect(processes.length).toBeGreaterThanOrEqual(3);
    // What was on its way when a process ended may come again; it is billed once, as shown above.
    for (const row of processes) expect(row).toMatchObject({ missing: "0", refused: "0" });
  });
});
