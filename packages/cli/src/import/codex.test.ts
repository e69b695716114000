import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { landSpans, settle, type LandingRow } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CodexRollouts } from "./codex.ts";
import { filesBelow } from "./input-files.ts";
import { importTranscripts, type TranscriptReport } from "./transcripts.ts";

/** Sessions of real Codex versions, without their text, each beside the bill of the provider it talked to. */
const recordings = new URL("recorded-codex/", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "tokenledger-codex-"));
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger({ directory: join(directory, "ledger") });
  for (let time = 1; time <= 2; time += 1) await read(recordings, (rows) => landSpans(ledger.target, rows));
  await settle(ledger.target);
});
afterAll(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

const read = async (
  path: string,
  land: (rows: LandingRow[]) => Promise<void> = () => Promise.resolve(),
): Promise<TranscriptReport> =>
  importTranscripts(
    new CodexRollouts(),
    await filesBelow(path, /^rollout-.*\.jsonl(?:\.zst)?$/),
    land,
    () => undefined,
  );

/** A bill line, or the same of the ledger. */
interface Line {
  model: string;
  input: number;
  cacheRead: number;
  output: number;
  reasoning: number;
}

const billOf = (recording: string): (Line & { outcome: string })[] =>
  JSON.parse(readFileSync(join(recordings, recording, "bill.json"), "utf8"));

async function rows<Row>(query: string, conversations: readonly string[]): Promise<Row[]> {
  const answer = await ledger.reader.client.query({
    query,
    query_params: { conversations },
    format: "JSONEachRow",
  });
  return answer.json<Row>();
}

const ledgerLines = (conversations: readonly string[]): Promise<Line[]> =>
  rows<Line>(
    `SELECT model, toUInt32(input_tokens) AS input, toUInt32(cache_read_tokens) AS cacheRead,
      toUInt32(output_tokens) AS output, toUInt32(reasoning_tokens) AS reasoning
    FROM llm_calls FINAL WHERE billed_by = 0 AND source = 'codex' AND conversation_id IN {conversations:Array(String)}`,
    conversations,
  );

/** Ids of the threads that a recording's file names end with; a session has its main thread's id. */
const threadsOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("rollout-"))
    .map((name) => name.replace(/\.jsonl.*$/, "").slice(-36));

const sorted = (lines: readonly Line[]): Line[] =>
  lines
    .map(({ model, input, cacheRead, output, reasoning }) => ({ model, input, cacheRead, output, reasoning }))
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

describe.each(readdirSync(recordings))("sessions of Codex %s", (recording) => {
  const folder = join(recordings, recording);

  test("every answered call is billed once, though imported twice", async () => {
    // Codex writes nothing about an answer that broke off, though the provider bills what it had sent.
    const answered = billOf(recording).filter(({ outcome }) => outcome === "completed");
    expect(sorted(await ledgerLines(threadsOf(folder)))).toEqual(sorted(answered));
  });
});

test("a sub-agent is found below the tool call that started it, with calls and tools of its own", async () => {
  const folder = join(recordings, "0.169.0");
  const query = `SELECT calls.agent_path AS path, tools.tool_name AS started_by, toUInt32(count()) AS calls
    FROM llm_calls AS calls FINAL
    INNER JOIN spans AS runs FINAL ON runs.trace_id = calls.trace_id AND runs.span_id = calls.parent_span_id
    LEFT JOIN tool_calls AS tools FINAL ON tools.trace_id = runs.trace_id AND tools.span_id = runs.parent_span_id
    WHERE calls.billed_by = 0 AND calls.conversation_id IN {conversations:Array(String)} AND length(calls.agent_path) > 1
    GROUP BY path, started_by ORDER BY path`;
  expect(await rows(query, threadsOf(folder))).toEqual([
    { path: ["codex", "explorer"], started_by: "spawn_agent", calls: 2 },
    { path: ["codex", "review"], started_by: "", calls: 1 },
  ]);
});

test("a call knows the tools it asked for, whichever is written first, usage or tools", async () => {
  for (const recording of ["0.63.0", "0.104.0", "0.140.0-review", "0.169.0"]) {
    const folder = join(recordings, recording);
    const query = `SELECT toUInt32(count()) AS tools, toUInt32(countIf(calls.output_tokens > 30)) AS by_first_call
      FROM tool_calls AS tools FINAL
      INNER JOIN llm_calls AS calls FINAL ON calls.trace_id = tools.trace_id AND calls.span_id = tools.origin_span_id
      WHERE calls.conversation_id IN {conversations:Array(String)} AND tools.tool_name IN ('shell', 'exec_command')
        AND length(calls.agent_path) = 1`;
    expect({ recording, rows: await rows(query, threadsOf(folder)) }).toEqual({
      recording,
      rows: [{ tools: 2, by_first_call: 2 }],
    });
  }
});

test("the copy of another session's history in a fork is counted and passed over", async () => {
  expect(await read(join(recordings, "0.104.0-fork"))).toMatchObject({ sessions: 2, calls: 7, repeatedCalls: 4 });
  expect(await read(join(recordings, "0.44.0-edited-message"))).toMatchObject({ calls: 3, repeatedCalls: 1 });
});

test("packed, copied and damaged rollouts give what can be read of them, once", async () => {
  const folder = join(directory, "sessions");
  cpSync(join(recordings, "0.140.0-review"), folder, { recursive: true });
  const [first = ""] = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const content = readFileSync(join(folder, first), "utf8");
  writeFileSync(join(folder, `${first}.zst`), zstdCompressSync(content));
  const twice = await read(folder);
  expect(twice).toMatchObject({ calls: 7, rejected: { count: 0 } });

  const lines = content.split("\n");
  const damaged = [lines[0], `${lines[1]?.slice(0, 30)}${lines[2]}`, `\0\0\0${lines.slice(3).join("\n")}`].join("\n");
  rmSync(join(folder, `${first}.zst`));
  writeFileSync(join(folder, first), damaged);
  expect(await read(folder)).toMatchObject({ calls: 7, rejected: { count: 1, first: [{ reason: "cut off" }] } });
});

test("a packed file that breaks off is named, and what came before counts", async () => {
  const folder = join(directory, "broken");
  cpSync(join(recordings, "0.140.0-review"), folder, { recursive: true });
  const [first = ""] = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const packed = zstdCompressSync(readFileSync(join(folder, first)));
  writeFileSync(join(folder, first), packed.subarray(0, packed.length - 40));
  const report = await read(folder);
  expect(report.unreadable).toMatchObject([{ file: join(folder, first) }]);
  expect(report.unreadable[0]?.problem).toContain("breaks off");
});
