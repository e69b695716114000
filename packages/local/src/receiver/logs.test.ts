import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { scratchDirectory, startLedgerStore } from "../store.fixture.ts";
import type { Store } from "../store.ts";
import { send, token } from "./post.fixture.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const directory = scratchDirectory();
let store: Store;
let receiver: Receiver;
beforeAll(async () => {
  store = await startLedgerStore(directory.path);
  receiver = await startReceiver({ target: store.target, token });
});
beforeEach(async () => {
  for (const table of ["otel_traces", "llm_calls"]) await store.client.command({ query: `TRUNCATE TABLE ${table}` });
});
afterAll(async () => {
  await receiver?.stop();
  await store?.stop();
  directory.remove();
});

type Logs = Parameters<typeof JsonLogsSerializer.serializeRequest>[0];
type Log = Logs[number];
let logged = 0;
/** Two records are never alike, whatever the clock says: the same one again would be known for a copy. */
const now = (): [number, number] => [Math.floor(Date.now() / 1000), 123_000_000 + ++logged];
const resource = { attributes: { "service.name": "claude-code" }, merge: () => resource, getRawAttributes: () => [] };

const log = (parts: Partial<Log> = {}): Log => ({
  hrTime: now(),
  hrTimeObserved: now(),
  body: "claude_code.api_request",
  attributes: {
    "event.name": "api_request",
    "session.id": "talk",
    model: "claude-opus-4-6",
    input_tokens: 10,
    output_tokens: 5,
    prompt: "a secret",
  },
  resource: { ...resource, getRawAttributes: () => [["service.name", "claude-code"]] } as Log["resource"],
  instrumentationScope: { name: "com.anthropic.claude_code.events", version: "2.1" },
  droppedAttributesCount: 0,
  ...parts,
});

const forms = [
  ["JSON", JsonLogsSerializer, "application/json"],
  ["protobuf", ProtobufLogsSerializer, "application/x-protobuf"],
] as const;

const post = (body: Uint8Array, type: string): ReturnType<typeof send> =>
  send(receiver, {
    path: "/v1/logs",
    body: Buffer.from(body),
    headers: { "Content-Type": type, Authorization: `Bearer ${token}` },
  });
const rows = async (query: string): Promise<unknown[]> =>
  (await store.client.query({ query, format: "JSONEachRow" })).json();

test.each(forms)("in %s are acknowledged when what they report is in the ledger", async (_name, serializer, type) => {
  const before = receiver.statistics().logs.stored;
  const spanContext = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
  const chatter = log({ body: { said: ["a secret"] }, attributes: {}, eventName: "chatter" });
  const answer = await post(serializer.serializeRequest([log({ spanContext }), chatter]) ?? new Uint8Array(), type);
  expect(answer.status).toBe(200);
  expect(await rows("SELECT model, input_tokens, output_tokens, service_name FROM llm_calls")).toEqual([
    { model: "claude-opus-4-6", input_tokens: 10, output_tokens: 5, service_name: "claude-code" },
  ]);
  expect(await rows("SELECT TraceId, ParentSpanId FROM otel_traces")).toEqual([
    { TraceId: "1".repeat(32), ParentSpanId: "2".repeat(16) },
  ]);
  expect(JSON.stringify(await rows("SELECT * FROM otel_traces"))).not.toContain("secret");
  expect(receiver.statistics().logs.stored).toBe(before + 2);
  expect(receiver.statistics().stored).toBe(0);
});

test.each(forms)("in %s without a time of their own have the time they were seen", async (_name, serializer, type) => {
  const seen = log({ hrTime: [0, 0], hrTimeObserved: now() });
  expect((await post(serializer.serializeRequest([seen]) ?? new Uint8Array(), type)).status).toBe(200);
  expect(await rows("SELECT started_at > now() - 60 AS is_now FROM llm_calls")).toEqual([{ is_now: 1 }]);
});

test("that cannot be stored are counted, and named to their sender", async () => {
  const timeless = log({ hrTime: [0, 0], hrTimeObserved: [0, 0] });
  const answer = await post(JsonLogsSerializer.serializeRequest([timeless, log()]) ?? new Uint8Array(), forms[0][2]);
  expect(JSON.parse(answer.body.toString())).toEqual({
    partialSuccess: {
      rejectedLogRecords: "1",
      errorMessage: "1 log record without a start time between 2015 and tomorrow",
    },
  });
  expect(receiver.statistics().logs.rejections.at(-1)).toMatchObject({ reason: "start_time", span: "api_request" });
  expect(await rows("SELECT count() AS calls FROM llm_calls")).toEqual([{ calls: 1 }]);
});

test("are asked for the token, and a body that is none is refused", async () => {
  const body = Buffer.from('{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":7}]}]}]}');
  expect((await send(receiver, { path: "/v1/logs", body })).status).toBe(401);
  expect((await post(Buffer.from("{"), forms[0][2])).status).toBe(400);
  const unreadable = await post(body, forms[0][2]);
  expect(unreadable.body.toString()).toContain("1 log record that cannot be read");
});
