import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, landSpans, queryView, settle } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exactSum } from "../../../../clickhouse/test/exact-sum.ts";
import { ClaudeCodeTranscripts } from "./claude-code.ts";
import { filesBelow } from "./input-files.ts";
import { importTranscripts } from "./transcripts.ts";

/** Sessions of real users, one a file. */
const folder = new URL("../../../../../shared/data/traces/claude-code/", import.meta.url).pathname;
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
if (files.length === 0) console.log(`skipped: recorded Claude Code sessions are not at ${folder}`);

interface Session {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const directory = mkdtempSync(join(tmpdir(), "tokenledger-sessions-"));
let ledger: Ledger;
const sessions: Session[] = [];

/** Imports the sessions one by one, so that each is known by the time of its calls. */
async function importAll(): Promise<void> {
  for (const file of files) {
    const spans: { from: string; to: string }[] = [];
    await importTranscripts(
      new ClaudeCodeTranscripts(),
      await filesBelow(join(folder, file), /\.jsonl$/),
      async (rows) => {
        const times = rows.filter((row) => row.SpanKind === "Client").map((row) => Number(row.Timestamp));
        const utc = (seconds: number): string => new Date(seconds * 1_000).toISOString();
        spans.push({ from: utc(Math.min(...times)), to: utc(Math.max(...times) + 0.001) });
        await landSpans(ledger.target, rows);
      },
      () => undefined,
    );
    sessions.push(...spans.map((span) => ({ file, ...span })));
  }
  await settle(ledger.target);
  await explain(ledger.target);
}

const costOf = async (view: string, column: string, { from, to }: Session): Promise<bigint> =>
  exactSum((await queryView(ledger.target, view, { from, to })).map((row) => row[column]));

describe.skipIf(files.length === 0)("real sessions", () => {
  beforeAll(async () => {
    ledger = await openLedger({ directory });
    await importAll();
  });
  afterAll(async () => {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each(files)("%s: causes, agents and steps each add up to its cost, to the last digit", async (file) => {
    const session = sessions.find((one) => one.file === file);
    if (!session) throw new Error(`${file} holds no calls`);
    const traces = await queryView(ledger.target, "trace_cost", { from: session.from, to: session.to });
    expect(traces).toHaveLength(1);
    const total = exactSum([traces[0]?.["known_cost_usd"]]);
    expect(total).toBeGreaterThan(0n);
    expect({
      causes: await costOf("cause_cost", "known_cost_usd", session),
      agents: await costOf("agent_cost", "self_known_cost_usd", session),
      steps: await costOf("step_cost", "known_cost_usd", session),
    }).toEqual({ causes: total, agents: total, steps: total });
  });

  test("every call says how its prompt was made, and next to nothing stays unexplained", async () => {
    const shares: Record<string, string> = {};
    for (const session of sessions) {
      const causes = await queryView(ledger.target, "cause_cost", { from: session.from, to: session.to });
      const cost = (rows: typeof causes): number => rows.reduce((sum, row) => sum + Number(row["known_cost_usd"]), 0);
      const unexplained = cost(causes.filter((row) => row["cause"] === "unexplained")) / cost(causes);
      shares[session.file] = `${(100 * unexplained).toFixed(3)} %`;
      expect(unexplained).toBeLessThan(0.01);
    }
    console.log("unexplained share of each session's cost:", shares);
    const [calls] = await ledger.reader.client
      .query({
        query: `SELECT count() AS calls, countIf(notEmpty(prompts.segment_kinds)) AS told
          FROM (SELECT * FROM llm_calls FINAL WHERE billed_by = 0 AND model != '') AS calls
          LEFT JOIN (SELECT * FROM call_prompts FINAL) AS prompts USING (trace_id, span_id)`,
        format: "JSONEachRow",
      })
      .then((answer) => answer.json<{ calls: string; told: string }>());
    expect(calls?.told).toBe(calls?.calls);
  });

  test("pieces of a prompt are as large together as the bill says", async () => {
    const [wrong] = await ledger.reader.client
      .query({
        query: `SELECT count() AS calls, countIf(arraySum(prompts.segment_tokens) != calls.input_tokens) AS wrong
          FROM (SELECT * FROM llm_calls FINAL WHERE billed_by = 0 AND model != '') AS calls
          INNER JOIN (SELECT * FROM call_prompts FINAL) AS prompts USING (trace_id, span_id)`,
        format: "JSONEachRow",
      })
      .then((answer) => answer.json<{ calls: string; wrong: string }>());
    // Where Claude Code drops thinking from the history, the prompt shrinks, and nobody says by what.
    expect(Number(wrong?.wrong) / Number(wrong?.calls)).toBeLessThan(0.02);
  });
});
