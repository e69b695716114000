import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../connect.ts";
import { billedCall, protobufOf } from "../otlp/spans.fixture.ts";
import { ask, landed, scratchDirectory, startLedgerStore } from "../store.fixture.ts";
import type { Store } from "../store.ts";
import { post, token } from "./post.fixture.ts";
import { type Proxy, startProxy } from "./proxy.fixture.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const directory = scratchDirectory();
let store: Store;
let receiver: Receiver;
/** Stands between receiver and database, and can hold back or lose what passes. */
let proxy: Proxy;

beforeAll(async () => {
  store = await startLedgerStore(directory.path);
  proxy = await startProxy(Number(new URL(store.url).port));
});
beforeEach(async () => {
  await receiver?.stop();
  await store.client.command({ query: "TRUNCATE TABLE otel_traces" });
  await store.client.command({ query: "TRUNCATE TABLE llm_calls" });
  proxy.mode = "pass";
  const { username, password, database } = store;
  const client = connect({ url: `http://127.0.0.1:${proxy.port}`, username, password, database });
  receiver = await startReceiver({ target: { client, database }, token });
});
afterAll(async () => {
  await receiver?.stop();
  proxy?.close();
  await store?.stop();
  directory.remove();
});

const calls = (count: number) => Array.from({ length: count }, () => billedCall());
const idsOf = (spans: ReturnType<typeof calls>): string[] => spans.map((span) => span.spanContext().spanId).toSorted();

describe("an acknowledgement", () => {
  test("comes only after the spans are committed", async () => {
    proxy.mode = "hold";
    let answered = false;
    const answer = post(receiver, protobufOf(calls(3))).finally(() => (answered = true));
    await proxy.seen("INSERT");
    expect([answered, receiver.statistics().held, (await landed(store.target)).rows]).toEqual([false, 3, 0]);
    proxy.mode = "pass";
    expect((await answer).status).toBe(200);
    expect((await landed(store.target)).rows).toBe(3);
    expect(receiver.statistics()).toMatchObject({ received: 3, stored: 3, held: 0 });
  });

  test("that is lost on its way makes no second call", async () => {
    const spans = calls(2);
    proxy.mode = "lose-answers";
    const lost = await post(receiver, protobufOf(spans));
    expect([lost.status, lost.headers["retry-after"]]).toEqual([503, "2"]);
    proxy.mode = "pass";
    expect((await post(receiver, protobufOf(spans))).status).toBe(200);
    expect((await landed(store.target)).billed).toEqual(idsOf(spans));
    expect((await post(receiver, protobufOf(spans))).status).toBe(200);
    expect(receiver.statistics()).toMatchObject({ received: 6, stored: 2, duplicates: 2, deferred: 2 });
    expect((await landed(store.target)).rows).toBe(2);
  });

  test("is withheld with 'try again' while the database is away, and given once it is back", async () => {
    const spans = calls(2);
    proxy.mode = "refuse";
    const refused = await post(receiver, protobufOf(spans));
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "2"]);
    proxy.mode = "pass";
    expect((await post(receiver, protobufOf(spans))).status).toBe(200);
    expect((await landed(store.target)).spans).toEqual(idsOf(spans));
  });
});

test("the same spans delivered in other batches are one call each", async () => {
  const spans = calls(6);
  const deliveries = [spans, spans.slice(0, 4), spans.slice(2), spans.toReversed()];
  for (const delivery of deliveries) expect((await post(receiver, protobufOf(delivery))).status).toBe(200);
  expect((await landed(store.target)).billed).toEqual(idsOf(spans));
});

test("many senders at once share inserts, and each gets its own answer", async () => {
  const bodies = Array.from({ length: 40 }, () => calls(5));
  const bad = protobufOf([...calls(1), billedCall({ traceId: "0".repeat(32) })]);
  const answers = await Promise.all([...bodies.map((spans) => post(receiver, protobufOf(spans))), post(receiver, bad)]);
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 41 }, () => 200));
  expect(answers.map(({ body }) => body.length > 0)).toEqual([...bodies.map(() => false), true]);
  expect((await landed(store.target)).rows).toBe(201);
  expect(proxy.count("INSERT")).toBeLessThan(20);
});

test("spans of many days are one insert per day", async () => {
  const today = Math.floor(Date.now() / 1000);
  const spans = [0, 1, 1, 2, 400].map((days) => billedCall({ startTime: [today - days * 86_400, 0] }));
  expect((await post(receiver, protobufOf(spans))).status).toBe(200);
  expect((await landed(store.target)).spans).toEqual(idsOf(spans));
  expect(proxy.count("INSERT")).toBe(4);
});

test("a span that the database refuses is set aside, and its neighbours are stored", async () => {
  await store.client.command({
    query: "ALTER TABLE otel_traces ADD CONSTRAINT no_poison CHECK SpanName != 'poison'",
  });
  try {
    const spans = calls(9);
    const poison = billedCall({ name: "poison" });
    const answer = await post(receiver, protobufOf([...spans.slice(0, 4), poison, ...spans.slice(4)]));
    expect(answer.body.toString()).toContain("1 span that the database refused");
    expect((await landed(store.target)).spans).toEqual(idsOf(spans));
    const { rejections, rejected } = receiver.statistics();
    expect(rejected).toEqual({ refused_by_store: 1 });
    expect(rejections[0]).toMatchObject({ span: "poison", service: "app", spanId: poison.spanContext().spanId });
  } finally {
    await store.client.command({ query: "ALTER TABLE otel_traces DROP CONSTRAINT no_poison" });
  }
});

test("stopping stores what was taken before it", async () => {
  proxy.mode = "hold";
  const spans = calls(4);
  const answer = post(receiver, protobufOf(spans));
  await proxy.seen("INSERT");
  const stopped = receiver.stop();
  proxy.mode = "pass";
  await stopped;
  expect((await answer).status).toBe(200);
  expect((await landed(store.target)).spans).toEqual(idsOf(spans));
  await expect(post(receiver, protobufOf(spans))).rejects.toThrow("ECONNREFUSED");
});

test("inserts ask for what the promises need, whatever the server's defaults", async () => {
  await post(receiver, protobufOf(calls(1)));
  for (const setting of ["async_insert=0", "insert_deduplication_token=", "wait_end_of_query=1"]) {
    expect(proxy.count(setting)).toBe(1);
  }
  expect(
    await ask(store.target, "SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'"),
  ).toEqual([{ value: "1" }]);
});
