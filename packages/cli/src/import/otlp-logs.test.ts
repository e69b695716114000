import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { settle } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesBelow } from "./input-files.ts";
import { importOtlp, type OtlpImportReport } from "./otlp.ts";

const directory = mkdtempSync(join(tmpdir(), "tokenledger-otlp-logs-"));
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger({ directory: join(directory, "ledger") });
});
afterAll(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

async function imported(name: string, content: string | Uint8Array): Promise<OtlpImportReport> {
  const folder = mkdtempSync(join(directory, "files-"));
  writeFileSync(join(folder, name), content);
  const report = await importOtlp(ledger.target, await filesBelow(folder, /./), () => undefined);
  await settle(ledger.target);
  return report;
}

type Logs = Parameters<typeof JsonLogsSerializer.serializeRequest>[0];

/** What Claude Code logs of two calls. */
function logsOf(session: string): Logs {
  const resource = { attributes: {}, merge: () => resource, getRawAttributes: () => [["service.name", "claude-code"]] };
  return [1, 2].map((call) => ({
    hrTime: [1_790_000_000 + call, 0],
    hrTimeObserved: [1_790_000_000 + call, 0],
    body: "claude_code.api_request",
    attributes: {
      "event.name": "api_request",
      "session.id": session,
      model: "claude-opus-4-6",
      input_tokens: 100 * call,
      output_tokens: 5,
      request_id: `req_${session}_${call}`,
      prompt: "Peel the kumquat.",
    },
    resource: resource as unknown as Logs[number]["resource"],
    instrumentationScope: { name: "com.anthropic.claude_code.events", version: "2.1" },
    droppedAttributesCount: 0,
  }));
}

const json = (logs: Logs): string => Buffer.from(JsonLogsSerializer.serializeRequest(logs) ?? []).toString();
const protobuf = (logs: Logs): Buffer => Buffer.from(ProtobufLogsSerializer.serializeRequest(logs) ?? []);
const framed = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

test.each([
  ["lines of JSON", (logs: Logs): string => `${json(logs.slice(0, 1))}\n${json(logs.slice(1))}\n`],
  ["JSON over many lines", (logs: Logs): string => JSON.stringify(JSON.parse(json(logs)), null, 2)],
  ["protobuf", protobuf],
  ["protobuf in frames", (logs: Logs): Buffer => framed(protobuf(logs))],
])("log records in %s are calls, billed once though imported twice, and no word of them lands", async (form, write) => {
  const session = form.replaceAll(" ", "-");
  const content = write(logsOf(session));
  expect(await imported("agent.log", content)).toMatchObject({ logs: { received: 2 }, spans: { received: 0 } });
  await imported("copy.bin", content);
  const answer = await ledger.reader.client.query({
    query: `SELECT toUInt32(input_tokens) AS input FROM llm_calls FINAL
      WHERE billed_by = 0 AND conversation_id = {session:String} ORDER BY input`,
    query_params: { session },
    format: "JSONEachRow",
  });
  expect(await answer.json()).toEqual([{ input: 100 }, { input: 200 }]);
  const landed = await ledger.reader.client.query({ query: "SELECT * FROM otel_traces", format: "JSONEachRow" });
  expect(await landed.text()).not.toContain("kumquat");
});

test("metrics are named as what cannot be read here", async () => {
  const report = await imported("metrics.json", '{"resourceMetrics":[]}');
  expect(report.rejected.first).toMatchObject([{ reason: "OTLP, but neither of traces nor of logs" }]);
});
