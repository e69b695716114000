import { createServer } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LocalFault } from "../fault.ts";
import { billedCall, jsonOf, protobufOf, readableSpan } from "../otlp/spans.fixture.ts";
import { landed, scratchDirectory, startLedgerStore } from "../store.fixture.ts";
import type { Store } from "../store.ts";
import { post, send, sendRaw, token } from "./post.fixture.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const directory = scratchDirectory();
let store: Store;
let receiver: Receiver;

beforeAll(async () => {
  store = await startLedgerStore(directory.path);
  receiver = await startReceiver({ target: store.target, token });
});
beforeEach(async () => {
  await store.client.command({ query: "TRUNCATE TABLE otel_traces" });
  await store.client.command({ query: "TRUNCATE TABLE llm_calls" });
});
afterAll(async () => {
  await receiver?.stop();
  await store?.stop();
  directory.remove();
});

const json = { "Content-Type": "application/json" };
const idOf = (span: ReturnType<typeof billedCall>): string => span.spanContext().spanId;

describe("spans", () => {
  test.each([
    ["protobuf", protobufOf, {}, (body: Buffer) => body],
    ["JSON", jsonOf, json, (body: Buffer) => body],
    ["gzipped protobuf", protobufOf, { "Content-Encoding": "gzip" }, gzipSync],
    ["deflated JSON", jsonOf, { ...json, "Content-Encoding": "deflate" }, deflateSync],
  ])("in %s are stored and become facts", async (_format, encode, headers, pack) => {
    const spans = [billedCall(), billedCall()];
    const answer = await post(receiver, pack(encode(spans)), headers);
    expect([answer.status, answer.body.toString()]).toEqual([200, "Content-Type" in headers ? "{}" : ""]);
    const stored = await landed(store.target);
    expect(stored.spans).toEqual(spans.map(idOf).toSorted());
    expect(stored.billed).toEqual(stored.spans);
  });

  test("that cannot be stored are named in a partial success, in the request's format", async () => {
    const spans = [readableSpan({ traceId: "0".repeat(32) }), billedCall(), readableSpan({ startTime: [0, 0] })];
    const message = "1 span without a valid trace id; 1 span without a start time between 2015 and tomorrow";
    const before = receiver.statistics().rejected;
    const answer = await post(receiver, jsonOf(spans), json);
    expect(JSON.parse(answer.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: "2", errorMessage: message },
    });
    const binary = await post(receiver, protobufOf(spans));
    expect(binary.headers["content-type"]).toBe("application/x-protobuf");
    expect(binary.body.subarray(0, 4).toString("hex")).toBe(`0a${(message.length + 4).toString(16)}0802`);
    expect(binary.body.subarray(6).toString()).toBe(message);
    expect((await landed(store.target)).spans).toEqual([idOf(spans[1] ?? billedCall())]);
    const { rejected, rejections } = receiver.statistics();
    expect(rejected).toEqual({ trace_id: (before.trace_id ?? 0) + 2, start_time: (before.start_time ?? 0) + 2 });
    expect(rejections.at(-1)).toMatchObject({ reason: "start_time", service: "app", span: "chat gpt-5.1" });
  });

  test("of hostile text are stored as the text they are", async () => {
    const attributes = { "a'b\"]}\n\u0000": "\u2028'; DROP TABLE otel_traces; --", __proto__x: "\ud800" };
    await post(receiver, jsonOf([readableSpan({ name: '"],["', attributes })]), json);
    const result = await store.client.query({
      query: "SELECT SpanName, SpanAttributes FROM otel_traces",
      format: "JSONEachRow",
    });
    expect(await result.json()).toEqual([
      { SpanName: '"],["', SpanAttributes: { ...attributes, __proto__x: "\ufffd" } },
    ]);
  });
});

describe("a request", () => {
  const body = protobufOf([billedCall()]);
  const good = { "Content-Type": "application/x-protobuf", Authorization: `Bearer ${token}` };
  const gzip = { "Content-Encoding": "gzip" };

  test.each([
    ["without a token", { Authorization: "" }, 401],
    ["with another token", { Authorization: `Bearer ${token}x` }, 401],
    ["with the token as basic authentication", { Authorization: `Basic ${token}` }, 401],
    ["to a foreign host name", { Host: "evil.example" }, 421],
    ["to a name that resolves here", { Host: "127.0.0.1.evil.example:4318" }, 421],
    ["to our address at another port", { Host: "127.0.0.1:1" }, 421],
    ["to any address", { Host: "0.0.0.0" }, 421],
    ["to our name with a dot", { Host: "localhost.:4318" }, 421],
    ["from a foreign page", { Origin: "http://evil.example" }, 403],
    ["from no page in particular", { Origin: "null" }, 403],
    ["from a page of ours under TLS", { Origin: "https://127.0.0.1:4318" }, 403],
    ["that a browser calls cross-site", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["as a form", { "Content-Type": "text/plain" }, 415],
    ["of a type that only begins right", { "Content-Type": "application/jsonp" }, 415],
    ["in another character set", { "Content-Type": "application/json; charset=utf-16" }, 415],
    ["packed in a way we don't know", { "Content-Encoding": "br" }, 415],
    ["packed twice", { "Content-Encoding": "gzip, gzip" }, 415],
    ["that is not gzip though it says so", gzip, 400],
  ])("%s is refused and stores nothing", async (_what, headers, status) => {
    const answer = await send(receiver, { body, headers: { ...good, ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect((await landed(store.target)).rows).toBe(0);
  });

  test.each(["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])("to %s is served", async (host) => {
    const answer = await send(receiver, { body, headers: { ...good, Host: `${host}:${receiver.port}` } });
    expect(answer.status).toBe(200);
  });

  test("for another path or method is told so", async () => {
    expect((await send(receiver, { path: "/", method: "GET", headers: good })).status).toBe(404);
    const wrong = await send(receiver, { method: "GET", headers: good });
    expect([wrong.status, wrong.headers["allow"]]).toEqual([405, "POST"]);
    expect(
      (await send(receiver, { method: "OPTIONS", headers: { ...good, Origin: "http://evil.example" } })).status,
    ).toBe(403);
  });

  const authorization = `Authorization: Bearer ${token}`;
  test.each([
    [
      "two Host headers",
      `POST /v1/traces HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\n${authorization}`,
      400,
    ],
    ["no Host header", `POST /v1/traces HTTP/1.1\r\n${authorization}`, 400],
    [
      "another server's address in its first line",
      `POST http://evil.example/v1/traces HTTP/1.1\r\nHost: localhost:PORT\r\n${authorization}`,
      400,
    ],
    ["a first line that is none", "\u0000\u0001 nonsense", 400],
    ["headers without end", `GET / HTTP/1.1\r\nHost: localhost:PORT\r\nX: ${"x".repeat(20_000)}`, 400],
    [
      "a length that lies",
      `POST /v1/traces HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: -5\r\n${authorization}`,
      400,
    ],
  ])("with %s is refused and harms nobody", async (_what, head, status) => {
    const answer = await sendRaw(receiver, `${head.replaceAll("PORT", String(receiver.port))}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await send(receiver, { method: "GET", headers: good })).status).toBe(405);
  });

  test("with an error says it in the request's own format", async () => {
    const text = await send(receiver, { body: "{", headers: { ...good, ...json } });
    expect([text.status, JSON.parse(text.body.toString())]).toEqual([400, { code: 3, message: "not valid JSON" }]);
    const binary = await send(receiver, { body: Buffer.from([0x0a, 0x7f]), headers: good });
    expect([binary.status, binary.headers["content-type"]]).toEqual([400, "application/x-protobuf"]);
    expect(binary.body.subarray(0, 2).toString("hex")).toBe("0803");
  });

  test("of metrics is taken, dropped and counted", async () => {
    const before = receiver.statistics().discarded;
    const answer = await send(receiver, { path: "/v1/metrics", body: Buffer.alloc(10), headers: good });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(receiver.statistics().discarded).toEqual({ metrics: before.metrics + 1 });
  });

  test("torn in its gzip, cut short, or too large is refused", async () => {
    const packed = gzipSync(body);
    expect((await post(receiver, packed.subarray(0, packed.length - 9), gzip)).status).toBe(400);
    expect((await post(receiver, body.subarray(0, body.length - 3))).status).toBe(400);
    expect((await post(receiver, Buffer.alloc(21 * 2 ** 20)).catch(() => ({ status: 413 }))).status).toBe(413);
    expect((await post(receiver, gzipSync(Buffer.alloc(200 * 2 ** 20)), gzip)).status).toBe(413);
    expect((await landed(store.target)).rows).toBe(0);
  });
});

test("a port in use is named", async () => {
  const other = createServer();
  const port = await new Promise<number>((settle) => {
    other.listen(0, "127.0.0.1", () => {
      const address = other.address();
      settle(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  const fault = await startReceiver({ target: store.target, token, port }).catch((error: LocalFault) => error);
  other.close();
  expect(fault).toMatchObject({ code: "port_in_use", message: expect.stringContaining(`Port ${port} is in use`) });
});

test("an address that others can reach is refused", async () => {
  const fault = await startReceiver({ target: store.target, token, host: "0.0.0.0" }).catch(
    (error: LocalFault) => error,
  );
  expect(fault).toMatchObject({ code: "not_loopback" });
});
