import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ClaudeCodeTranscripts } from "./claude-code.ts";
import { CodexRollouts } from "./codex.ts";
import { rowsOf } from "./imported-prompts.fixture.ts";

/** Nothing but content holds this word. */
const secret = "kumquat";
const at = (second: number): string => `2026-11-01T10:00:${String(second).padStart(2, "0")}.000Z`;
const usage = { input_tokens: 900, output_tokens: 9 };

const transcript = [
  { type: "user", uuid: "1", message: { role: "user", content: `Peel the ${secret}.` } },
  { type: "attachment", uuid: "2", attachment: { type: "file", content: `all about the ${secret}` } },
  {
    type: "api-request-shape",
    shapeHash: "h",
    shape: { system: [{ type: "text", text: secret }], tools: [{ name: "Bash", description: secret }] },
  },
  { type: "api-request", shapeHash: "h" },
  {
    type: "assistant",
    uuid: "3",
    message: {
      id: "msg_1",
      model: "claude-opus-4-6",
      usage,
      content: [
        { type: "thinking", thinking: `Hm, ${secret}?` },
        { type: "tool_use", id: "t", name: "Bash", input: { command: `eat ${secret}` } },
      ],
    },
  },
  {
    type: "user",
    uuid: "4",
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: `${secret} eaten` }] },
  },
  { type: "system", uuid: "5", subtype: "api_error", error: { status: 500, message: secret } },
  {
    type: "assistant",
    uuid: "6",
    message: {
      id: "msg_2",
      model: "claude-opus-4-6",
      usage,
      content: [{ type: "text", text: `The ${secret} is gone.` }],
    },
  },
].map((record, index, all) => ({
  sessionId: "s",
  timestamp: at(index),
  parentUuid: all[index - 1]?.uuid ?? null,
  ...record,
}));

const rollout = [
  { type: "session_meta", payload: { id: "thread", base_instructions: { text: `You know the ${secret}.` } } },
  { type: "turn_context", payload: { turn_id: "1", model: "gpt-5.4" } },
  {
    type: "response_item",
    payload: { type: "message", role: "user", content: [{ type: "input_text", text: `Peel the ${secret}.` }] },
  },
  {
    type: "response_item",
    payload: { type: "reasoning", summary: [{ type: "summary_text", text: `Hm, ${secret}?` }] },
  },
  {
    type: "response_item",
    payload: { type: "function_call", call_id: "c", name: "shell", arguments: `{"command":"eat ${secret}"}` },
  },
  { type: "token_usage_record", payload: { response_id: "resp_1", usage } },
  { type: "response_item", payload: { type: "function_call_output", call_id: "c", output: `${secret} eaten` } },
  {
    type: "response_item",
    payload: { type: "message", role: "assistant", content: [{ type: "output_text", text: `The ${secret} is gone.` }] },
  },
  { type: "token_usage_record", payload: { response_id: "resp_2", usage: { ...usage, input_tokens: 1_000 } } },
].map((record, index) => ({ timestamp: at(index), ...record }));

test.each([
  ["Claude Code", new ClaudeCodeTranscripts(), transcript],
  ["Codex", new CodexRollouts(), rollout],
])("of what %s wrote down, sizes and fingerprints land, and no word", (_, transcripts, records) => {
  const landed = JSON.stringify(rowsOf(transcripts, records));
  expect(landed.match(/tokenledger\.prompt\.segment\.fingerprints/g)).toHaveLength(2);
  expect(landed.match(/tokenledger\.answer\.fingerprints/g)).toHaveLength(2);
  expect(landed).not.toContain(secret);
});

const folder = new URL("../../../../../shared/data/traces/claude-code/", import.meta.url).pathname;
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
if (files.length === 0) console.log(`skipped: recorded Claude Code sessions are not at ${folder}`);

/** Lines of every text below a message's content that are too long for a name and no id. */
function linesIn(value: unknown): string[] {
  if (typeof value === "string")
    return value
      .split("\n")
      .flatMap((line) => (line.trim().length >= 24 && line.trim().includes(" ") ? [line.trim()] : []));
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(linesIn) : [];
}

describe.skipIf(files.length === 0)("of real sessions", () => {
  test.each(files)("%s: no line that was said lands", (file) => {
    const records = readFileSync(`${folder}${file}`, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line): Record<string, unknown> => JSON.parse(line));
    const said = new Set(
      records.flatMap(({ message, data, toolUseResult }) =>
        linesIn([contentOf(message), contentOf(data), toolUseResult]),
      ),
    );
    const landed = rowsOf(new ClaudeCodeTranscripts(), records)
      .map((row) => JSON.stringify(row))
      .join("\n");
    expect(said.size).toBeGreaterThan(100);
    expect([...said].filter((line) => landed.includes(JSON.stringify(line).slice(1, -1)))).toEqual([]);
  });
});

/** A message's content, wherever a record wraps it. */
function contentOf(holder: unknown): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  if ("content" in holder) return holder.content;
  return "message" in holder ? contentOf(holder.message) : undefined;
}
