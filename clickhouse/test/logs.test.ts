import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { landSpans, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

interface Log {
  readonly scope: string;
  readonly body?: string;
  readonly trace?: string;
  readonly span?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Log records as the collector's exporter writes them. */
async function landLogs(...logs: readonly Log[]): Promise<void> {
  await ledger.target.client.insert({
    table: "ledger.otel_logs",
    format: "JSONEachRow",
    values: logs.map(({ scope, body = "", trace = "", span: inSpan = "", attributes }) => ({
      Timestamp: "1780000010.500000000",
      TraceId: trace,
      SpanId: inSpan,
      ServiceName: "cli",
      Body: body,
      ScopeName: scope,
      LogAttributes: attributes,
    })),
    clickhouse_settings: { async_insert: 0, date_time_input_format: "basic" },
  });
}

const claudeCode = (event: string, attributes: Record<string, string>, traced = false): Log => ({
  scope: "com.anthropic.claude_code.events",
  body: `claude_code.${event}`,
  ...(traced && { trace: "0".repeat(31).concat("1"), span: "00000000000000aa" }),
  attributes: { "event.name": event, "session.id": "talk", "anthropic.provider": "firstParty", ...attributes },
});
const request = {
  model: "claude-opus-4-6",
  input_tokens: "10",
  output_tokens: "100",
  cache_read_tokens: "300",
  cache_creation_tokens: "60",
  cache_creation_5m_tokens: "40",
  cache_creation_1h_tokens: "20",
  duration_ms: "2500",
  request_id: "req_011CSHoEeqs5C35K2UUqR7Fy",
  speed: "normal",
};
const codex = (attributes: Record<string, string>): Log => ({
  scope: "codex_otel.log_only",
  attributes: { "event.name": "codex.sse_event", "conversation.id": "chat", model: "gpt-5.4-mini", ...attributes },
});
const gemini = (event: string, attributes: Record<string, string>): Log => ({
  scope: "gemini-cli",
  body: "said in prose",
  attributes: { "event.name": `gemini_cli.${event}`, "session.id": "talk", ...attributes },
});

describe("a log record that reports a call is a call", () => {
  const read = (): Promise<Record<string, unknown>[]> =>
    calls(
      ledger.target,
      "emitter, provider, model, input_tokens, cache_read_tokens, cache_write_5m_tokens, output_tokens, reasoning_tokens, conversation_id",
    );

  test("of Claude Code, whose input leaves the cache out", async () => {
    await landLogs(claudeCode("api_request", request));
    expect(await read()).toEqual([
      {
        emitter: "Claude Code",
        provider: "anthropic",
        model: "claude-opus-4-6",
        input_tokens: "370",
        cache_read_tokens: "300",
        cache_write_5m_tokens: "40",
        output_tokens: "100",
        reasoning_tokens: null,
        conversation_id: "talk",
      },
    ]);
    expect(await calls(ledger.target, "started_at, duration_ns, service_tier")).toEqual([
      { started_at: "2026-05-28 20:26:48.000000000", duration_ns: "2500000000", service_tier: "standard" },
    ]);
  });

  test("of Codex CLI: of all events of a stream, the one that counts", async () => {
    await landLogs(
      codex({ "event.kind": "response.output_text.delta", duration_ms: "0" }),
      codex({ "event.kind": "response.completed", duration_ms: "0" }),
      codex({
        "event.kind": "response.completed",
        input_token_count: "9301",
        cached_token_count: "9000",
        output_token_count: "50",
        reasoning_token_count: "20",
        tool_token_count: "9351",
      }),
    );
    expect(await read()).toMatchObject([
      {
        provider: "openai",
        input_tokens: "9301",
        cache_read_tokens: "9000",
        output_tokens: "50",
        reasoning_tokens: "20",
      },
    ]);
  });

  test("of Gemini CLI, whose output leaves the thoughts out", async () => {
    await landLogs(
      gemini("api_response", {
        model: "gemini-3-pro",
        input_token_count: "1000",
        cached_content_token_count: "400",
        output_token_count: "30",
        thoughts_token_count: "12",
        duration_ms: "10",
      }),
      { scope: "gemini-cli", attributes: { "event.name": "gen_ai.client.inference.operation.details" } },
    );
    expect(await read()).toMatchObject([
      {
        provider: "gcp.gemini",
        input_tokens: "1000",
        cache_read_tokens: "400",
        output_tokens: "42",
        reasoning_tokens: "12",
      },
    ]);
  });

  test("that failed, where it says so; and a tool and an agent are what they are", async () => {
    await landLogs(
      claudeCode("api_error", { model: "claude-opus-4-6", status_code: "529", error: "overloaded, said at length" }),
      claudeCode("tool_result", {
        tool_name: "Bash",
        success: "false",
        duration_ms: "5",
        tool_parameters: "rm secret",
      }),
      gemini("tool_call", { function_name: "read_file", function_args: "secret", success: "true" }),
      gemini("agent.finish", { agent_name: "scout", duration_ms: "7" }),
    );
    expect(await calls(ledger.target, "outcome, http_status, cost_usd")).toEqual([
      { outcome: "failed", http_status: 529, cost_usd: "0" },
    ]);
    expect(
      await selectRows(ledger.target, "SELECT tool_name, status FROM ledger.tool_calls ORDER BY tool_name"),
    ).toEqual([
      { tool_name: "Bash", status: "Error" },
      { tool_name: "read_file", status: "Unset" },
    ]);
    expect(await selectRows(ledger.target, "SELECT agent_name FROM ledger.agent_runs")).toEqual([
      { agent_name: "scout" },
    ]);
  });
});

test("what a log says beside counts, ids and names lands nowhere", async () => {
  const secret = { prompt: "a secret", response_text: "a secret", function_args: "a secret", error: "a secret" };
  await landLogs(
    { ...claudeCode("api_request", { ...request, ...secret }), body: "claude_code.api_request" },
    { ...gemini("tool_call", { function_name: "read_file", ...secret }), body: "a secret" },
    { scope: "gemini-cli", body: "a secret", attributes: { "event.name": "gemini_cli.user_prompt", ...secret } },
    { scope: "app", body: "a secret", attributes: {} },
  );
  const landed = await selectRows<{ row: string }>(
    ledger.target,
    "SELECT toString(tuple(*)) AS row FROM ledger.otel_traces",
  );
  expect(landed).toHaveLength(2);
  expect(landed.map(({ row }) => row).join("\n")).not.toContain("secret");
});

test("a record delivered again is the same record", async () => {
  await landLogs(claudeCode("api_request", request));
  await landLogs(claudeCode("api_request", request));
  expect(await calls(ledger.target, "billed_by")).toEqual([{ billed_by: "0" }]);
});

test("one call as span, log and imported transcript is one bill", async () => {
  const llmRequest = {
    "gen_ai.system": "anthropic",
    "gen_ai.request.model": "claude-opus-4-6",
    "gen_ai.response.id": request.request_id,
    request_id: request.request_id,
    input_tokens: "10",
    output_tokens: "100",
    cache_read_tokens: "300",
    cache_creation_tokens: "60",
  };
  const transcript = opusCall(
    { input_tokens: 370, output_tokens: 100, "cache_read.input_tokens": 300, "cache_write.input_tokens": 60 },
    { "gen_ai.response.id": "msg_01ABCDEFGHIJKLMNOPQRSTUV", "tokenledger.request.id": request.request_id },
  );
  const messageOnly = opusCall(
    { input_tokens: 370, output_tokens: 90 },
    { "gen_ai.response.id": "msg_01ABCDEFGHIJKLMNOPQRSTUV" },
  );
  await landLogs(claudeCode("api_request", request, true));
  await landSpans(ledger.target, [
    span({ span: 1 }, llmRequest, {
      ScopeName: "com.anthropic.claude_code.tracing",
      SpanName: "claude_code.llm_request",
    }),
    span({ trace: 2, span: 2 }, transcript, { ScopeName: "tokenledger.import.claude-code" }),
    span({ trace: 3, span: 3 }, messageOnly, { ScopeName: "some.proxy" }),
    span({ trace: 3, span: 4 }, opusCall({ input_tokens: 1, output_tokens: 1 }), { ScopeName: "some.proxy" }),
  ]);
  await settle(ledger.target);
  const rows = await calls(ledger.target, "scope_name, billed_by = 0 AS is_bill");
  expect(rows).toHaveLength(5);
  expect(rows.filter((row) => row["is_bill"] === 1)).toHaveLength(2);
  expect(rows.filter((row) => row["is_bill"] === 1 && row["scope_name"] === "some.proxy")).toHaveLength(1);
});
