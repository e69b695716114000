import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { landSpans, settle } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeCodeTranscripts } from "./claude-code.ts";
import { filesBelow } from "./input-files.ts";
import { importTranscripts, type TranscriptReport } from "./transcripts.ts";

const recorded = new URL("../../../../../shared/data/", import.meta.url);
const directory = mkdtempSync(join(tmpdir(), "tokenledger-import-"));
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger({ directory });
});
afterAll(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

async function importInto(path: string): Promise<TranscriptReport> {
  const report = await importTranscripts(
    new ClaudeCodeTranscripts(),
    await filesBelow(path, /\.jsonl$/),
    (rows) => landSpans(ledger.target, rows),
    () => undefined,
  );
  await settle(ledger.target);
  return report;
}

interface Totals {
  calls: number;
  uncached_input: number;
  cache_read: number;
  cache_write: number;
  cache_write_5m: number;
  cache_write_1h: number;
  output_recorded: number;
}

/** Totals of a session as the ledger holds them, for its main agent or its sub-agents. */
async function totals(session: string, subAgents: boolean): Promise<Record<string, Totals>> {
  const answer = await ledger.reader.client.query({
    query: `SELECT model, toUInt32(count()) AS calls, toUInt32(sum(input_text_tokens)) AS uncached_input,
        toUInt32(sum(cache_read_tokens)) AS cache_read,
        toUInt32(sum(cache_write_5m_tokens) + sum(cache_write_1h_tokens) + sum(cache_write_tokens)) AS cache_write,
        toUInt32(sum(cache_write_5m_tokens)) AS cache_write_5m, toUInt32(sum(cache_write_1h_tokens)) AS cache_write_1h,
        toUInt32(sum(output_tokens)) AS output_recorded
      FROM llm_calls FINAL
      WHERE billed_by = 0 AND conversation_id = {session:String} AND model != '' AND (length(agent_path) > 1) = {subAgents:Bool}
      GROUP BY model`,
    query_params: { session, subAgents },
    format: "JSONEachRow",
  });
  const rows = await answer.json<Totals & { model: string }>();
  return Object.fromEntries(rows.map(({ model, ...rest }) => [model, rest]));
}

const usage = (input: number, read: number, write: number, output: number) => ({
  input_tokens: input,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: write,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: write },
  output_tokens: output,
  service_tier: "standard",
});

function line(session: string, uuid: string, second: number, rest: Record<string, unknown>): string {
  const timestamp = `2026-03-01T10:00:${String(second).padStart(2, "0")}.000Z`;
  return JSON.stringify({
    parentUuid: null,
    sessionId: session,
    cwd: "/projects/shop",
    version: "2.1.0",
    uuid,
    timestamp,
    ...rest,
  });
}

const answer = (id: string, counts: object, content: unknown[] = [], model = "claude-opus-4-6") => ({
  type: "assistant",
  message: { id, type: "message", role: "assistant", model, content, stop_reason: "end_turn", usage: counts },
});

describe("a session written for this test", () => {
  const session = "11111111-2222-4333-8444-555555555555";
  const task = { type: "tool_use", id: "toolu_task", name: "Task", input: { subagent_type: "Explore" } };
  const nested = (id: string, counts: object) => ({
    type: "progress",
    parentToolUseID: "toolu_task",
    data: {
      type: "agent_progress",
      agentId: "a1",
      message: { timestamp: "2026-03-01T10:00:05.000Z", ...answer(id, counts, [], "claude-haiku-4-5-20251001") },
    },
  });
  const lines = [
    line(session, "u1", 1, { type: "user", message: { role: "user", content: "find it" } }),
    line(session, "u2", 2, answer("msg_01AAAAAAAAAAAAAAAA", usage(10, 0, 5000, 1), [task])),
    line(session, "u3", 3, answer("msg_01AAAAAAAAAAAAAAAA", usage(10, 0, 5000, 40), [task])),
    line(session, "u4", 5, nested("msg_01BBBBBBBBBBBBBBBB", usage(3, 100, 200, 7))),
    line(session, "u5", 6, answer("msg_01EEEEEEEEEEEEEEEE", usage(0, 0, 0, 0), [], "<synthetic>")),
    line(session, "u6", 7, answer("msg_01CCCCCCCCCCCCCCCC", usage(5, 5000, 0, 9))),
  ];

  test("is billed once with the telemetry of the same session, which knows a call by its request alone", async () => {
    const id = "77777777-2222-4333-8444-555555555555";
    const file = join(directory, "told-twice.jsonl");
    const request = { requestId: "req_011CSHoEeqs5C35K2UUqR7Fy" };
    writeFileSync(file, line(id, "t1", 1, { ...answer("msg_01TTTTTTTTTTTTTTTT", usage(3, 0, 0, 4)), ...request }));
    await ledger.target.client.insert({
      table: "otel_logs",
      values: [
        {
          Timestamp: "2026-03-01 10:00:01.000",
          ScopeName: "com.anthropic.claude_code.events",
          Body: "claude_code.api_request",
          LogAttributes: {
            "event.name": "api_request",
            "session.id": id,
            model: "claude-opus-4-6",
            input_tokens: "3",
            output_tokens: "4",
            request_id: request.requestId,
          },
        },
      ],
      format: "JSONEachRow",
    });
    await importInto(file);
    const found = await ledger.reader.client.query({
      query:
        "SELECT count() AS reports, countIf(billed_by = 0) AS bills, uniqExact(trace_id) AS traces FROM llm_calls FINAL WHERE conversation_id = {id:String}",
      query_params: { id },
      format: "JSONEachRow",
    });
    expect(await found.json()).toEqual([{ reports: 2, bills: 1, traces: 1 }]);
  });

  test("counts a message on several lines once, with its last usage, and a sub-agent apart", async () => {
    const file = join(directory, "session.jsonl");
    // The cut record is the only one lost; the one glued behind it is not.
    writeFileSync(
      file,
      `${lines.slice(0, 5).join("\n")}\n${line(session, "u9", 9, answer("msg_01DDDDDDDDDDDDDDDD", usage(1, 1, 1, 1))).slice(0, 80)}${lines[5]}\n`,
    );
    const report = await importInto(file);
    expect(report).toMatchObject({ sessions: 1, calls: 3, rejected: { count: 1, first: [{ reason: "cut off" }] } });
    const expected = {
      main: {
        "claude-opus-4-6": {
          calls: 2,
          uncached_input: 15,
          cache_read: 5000,
          cache_write: 5000,
          cache_write_5m: 0,
          cache_write_1h: 5000,
          output_recorded: 49,
        },
      },
      sub: {
        "claude-haiku-4-5-20251001": {
          calls: 1,
          uncached_input: 3,
          cache_read: 100,
          cache_write: 200,
          cache_write_5m: 0,
          cache_write_1h: 200,
          output_recorded: 7,
        },
      },
    };
    expect({ main: await totals(session, false), sub: await totals(session, true) }).toEqual(expected);
    await importInto(file);
    expect({ main: await totals(session, false), sub: await totals(session, true) }).toEqual(expected);
  });

  test("a message that another session file repeats is billed once", async () => {
    const resumed = "99999999-2222-4333-8444-555555555555";
    writeFileSync(
      join(directory, "resumed.jsonl"),
      `${line(resumed, "r1", 8, answer("msg_01CCCCCCCCCCCCCCCC", usage(5, 5000, 0, 9)))}\n`,
    );
    await importInto(join(directory, "resumed.jsonl"));
    const both = [await totals(session, false), await totals(resumed, false)].map(
      (found) => found["claude-opus-4-6"]?.calls ?? 0,
    );
    expect(both[0]! + both[1]!).toBe(2);
  });
});

test("usage billed beside the message, here a compaction, is a row of its own below the call", async () => {
  const session = "22222222-2222-4333-8444-555555555555";
  const iterations = [
    { type: "compaction", input_tokens: 180_000, output_tokens: 3500, cache_read_input_tokens: 0 },
    { type: "message", input_tokens: 20, output_tokens: 9 },
  ];
  const file = join(directory, "compaction.jsonl");
  const message = answer("msg_01FFFFFFFFFFFFFFFF", { ...usage(20, 0, 0, 9), iterations });
  writeFileSync(file, `${line(session, "c1", 1, message)}\n`);
  await importInto(file);
  await importInto(file);
  const rows = await ledger.reader.client.query({
    query: `SELECT toUInt32(input_tokens) AS input, toUInt32(output_tokens) AS output, model, agent_name, cost_usd > 0 AS priced
      FROM llm_calls FINAL WHERE billed_by = 0 AND conversation_id = {session:String} ORDER BY input`,
    query_params: { session },
    format: "JSONEachRow",
  });
  const common = { model: "claude-opus-4-6", agent_name: "claude-code", priced: 1 };
  expect(await rows.json()).toEqual([
    { input: 20, output: 9, ...common },
    { input: 180_000, output: 3500, ...common },
  ]);
});

test("a refused request of unknown status costs an unknown amount, not nothing", async () => {
  const session = "33333333-2222-4333-8444-555555555555";
  const file = join(directory, "refused.jsonl");
  const refused = { type: "system", subtype: "api_error", error: {}, retryAttempt: 1 };
  writeFileSync(file, `${line(session, "e1", 1, refused)}\n`);
  await importInto(file);
  const rows = await ledger.reader.client.query({
    query: `SELECT cost_usd, input_tokens, unpriced FROM llm_calls FINAL WHERE conversation_id = {session:String}`,
    query_params: { session },
    format: "JSONEachRow",
  });
  expect(await rows.json()).toEqual([{ cost_usd: null, input_tokens: null, unpriced: "no usage" }]);
});

interface IndexedTrace {
  file: string;
  session: string;
  totals_main_by_model: Record<string, Totals>;
  totals_subagents_by_model: Record<string, Totals>;
}
const indexFile = new URL("traces_index.json", recorded);
const indexed = existsSync(indexFile)
  ? (JSON.parse(readFileSync(indexFile, "utf8")) as IndexedTrace[]).filter(({ file }) => file.includes("claude-code"))
  : [];
if (indexed.length === 0) console.log(`skipped: recorded Claude Code sessions are not at ${indexFile.pathname}`);

describe.skipIf(indexed.length === 0)("recorded sessions", () => {
  beforeAll(async () => {
    const folder = new URL("traces/claude-code/", recorded).pathname;
    await importInto(folder);
    await importInto(folder);
  });

  test.each(indexed)("$file: every total per model equals the index, imported twice", async (trace) => {
    expect(await totals(trace.session, false)).toEqual(trace.totals_main_by_model);
    expect(await totals(trace.session, true)).toEqual(trace.totals_subagents_by_model);
  });
});
