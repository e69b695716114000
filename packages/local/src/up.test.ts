import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Connection, runningConnection } from "./connection.ts";
import type { LocalFault } from "./fault.ts";
import { openLedger } from "./ledger.ts";
import { billedCall, protobufOf } from "./otlp/spans.fixture.ts";
import { send } from "./receiver/post.fixture.ts";
import { readRuns } from "./run-record.ts";
import { ask, landed, scratchDirectory } from "./store.fixture.ts";
import { type RunningLedger, up } from "./up.ts";

const scratch = scratchDirectory();
const directory = scratch.path;
let ledger: RunningLedger;
const progress: string[] = [];

beforeEach(async () => {
  progress.length = 0;
  ledger = await up({ directory, port: 0, onProgress: (line) => progress.push(line) });
});
afterEach(() => ledger.stop());
afterAll(scratch.remove);

const post = (body: Buffer, token = ledger.receiver.token) =>
  send(ledger.receiver, {
    body,
    headers: { "Content-Type": "application/x-protobuf", Authorization: `Bearer ${token}` },
  });
const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no fault",
    (error: LocalFault) => error,
  );

describe("a running ledger", () => {
  test("tells other processes of the same user where it is, until it stops", async () => {
    const file = join(directory, "connection.json");
    const connection: Connection = JSON.parse(readFileSync(file, "utf8"));
    expect(connection).toMatchObject({ version: 1, pid: process.pid, receiver: { url: ledger.receiver.url } });
    expect([file, join(directory, "token")].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    expect((await post(protobufOf([billedCall()]), connection.receiver.token)).status).toBe(200);
    await ledger.stop();
    expect(existsSync(file)).toBe(false);
  });

  test("keeps its token from run to run", async () => {
    const { token } = ledger.receiver;
    await ledger.stop();
    ledger = await up({ directory, port: 0 });
    expect(ledger.receiver.token).toBe(token);
  });

  test("is joined by commands, which read the prices it published", async () => {
    const joined = await openLedger({ directory });
    const [row] = await ask<{ prices: string }>(joined.reader, "SELECT toString(count()) AS prices FROM price_points");
    expect(Number(row?.prices)).toBeGreaterThan(100);
    await expect(joined.reader.client.command({ query: "DROP TABLE otel_traces" })).rejects.toThrow(
      "Not enough privileges",
    );
    await joined.close();
    expect((await post(protobufOf([billedCall()]))).status).toBe(200);
  });

  test("refuses a second one in its directory by name", async () => {
    expect(await faultOf(up({ directory, port: 0 }))).toMatchObject({
      code: "already_running",
      message: expect.stringContaining(`process ${process.pid}, receiver ${ledger.receiver.url}`),
    });
  });

  test("leaves what it rejected where a later command finds it", async () => {
    await post(protobufOf([billedCall({ name: "no trace", traceId: "0".repeat(32) })]));
    await ledger.stop();
    expect(readRuns(directory).at(-1)).toMatchObject({
      ended: true,
      statistics: { received: 1, stored: 0, rejected: { trace_id: 1 }, rejections: [{ span: "no trace" }] },
    });
  });
});

describe("a ClickHouse server of the user's own", () => {
  const address = ({ username, password, database }: Connection["clickhouse"], port: string): string =>
    `http://${username}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const portOf = (connection: Connection): string => new URL(connection.clickhouse.url).port;

  test("is used as it is, and its reader cannot write", async () => {
    const own = await openLedger({ url: address(ledger.connection.clickhouse, portOf(ledger.connection)) });
    expect(await ask(own.reader, "SELECT toUInt8(count()) AS calls FROM llm_calls")).toEqual([
      { calls: expect.any(Number) },
    ]);
    await expect(own.reader.client.command({ query: "CREATE TABLE more (id UInt8) ENGINE = Memory" })).rejects.toThrow(
      "readonly",
    );
    await own.close();
  });

  test.each([
    [
      "with a wrong password",
      (good: Connection["clickhouse"]) => ({ ...good, password: "wrong" }),
      "Authentication failed",
    ],
    ["without the database", (good: Connection["clickhouse"]) => ({ ...good, database: "elsewhere" }), "elsewhere"],
  ])("%s is named without its secrets", async (_what, change, words) => {
    const fault = await faultOf(
      openLedger({ url: address(change(ledger.connection.clickhouse), portOf(ledger.connection)) }),
    );
    expect(fault).toMatchObject({ code: "unreachable", message: expect.stringContaining(words) });
    expect(String(fault)).not.toContain(ledger.connection.clickhouse.password);
  });

  test("that is none is named", async () => {
    expect(await faultOf(openLedger({ url: "ftp://nowhere" }))).toMatchObject({ code: "unreachable" });
    expect(await faultOf(openLedger({ url: "http://127.0.0.1:1/tokenledger" }))).toMatchObject({ code: "unreachable" });
  });
});

test("of two that start at once in one directory, one runs", async () => {
  await ledger.stop();
  const results = await Promise.allSettled([up({ directory, port: 0 }), up({ directory, port: 0 })]);
  const [running, ...others] = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect([running === undefined, others.length]).toEqual([false, 0]);
  expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "already_running" } });
  await running?.stop();
});

test("a port in use is named, and nothing is left running", async () => {
  const second = scratchDirectory();
  const fault = await faultOf(up({ directory: second.path, port: ledger.receiver.port }));
  expect(fault).toMatchObject({ code: "port_in_use", message: expect.stringContaining(String(ledger.receiver.port)) });
  expect(await runningConnection(second.path)).toBeUndefined();
  const alone = await openLedger({ directory: second.path });
  await alone.close();
  second.remove();
});

test("the connection of a ledger that is gone is not believed", async () => {
  const file = join(directory, "connection.json");
  const { connection } = ledger;
  await ledger.stop();
  for (const pid of [process.pid, 2 ** 22 + 1]) {
    writeFileSync(file, JSON.stringify({ ...connection, pid }));
    expect(await runningConnection(directory)).toBeUndefined();
  }
  const alone = await openLedger({ directory });
  await alone.close();
});

test("a database that is killed in mid-ingest comes back with every acknowledged span, once", async () => {
  const acknowledged: string[] = [];
  let sending = true;
  const sendOn = async (): Promise<void> => {
    while (sending) {
      const spans = Array.from({ length: 20 }, () => billedCall());
      const body = protobufOf(spans);
      // As an exporter does: the same spans again until they are taken.
      while (sending) {
        const { status } = await post(body);
        if (status === 200) {
          acknowledged.push(...spans.map((span) => span.spanContext().spanId));
          break;
        }
        expect([429, 503]).toContain(status);
      }
    }
  };
  const senders = Array.from({ length: 4 }, sendOn);
  const kills = 3;
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 100);
    process.kill(serverPid(), "SIGKILL");
    await expect
      .poll(() => progress.filter((line) => line === "The database is back").length, { timeout: 30_000 })
      .toBe(kill);
  }
  sending = false;
  await Promise.all(senders);
  const { spans, billed, rows } = await landed(ledger.target);
  const missing = acknowledged.filter((id) => !billed.includes(id));
  console.log(
    `${kills} kills: ${acknowledged.length} acknowledged, ${missing.length} missing, ${rows - spans.length} delivered again`,
  );
  expect(missing).toEqual([]);
  expect(billed.length).toBe(new Set(billed).size);
}, 180_000);

const serverPid = (): number => {
  const status = statSync(join(directory, "clickhouse", "data", "status"));
  const lock = readFileSync("/proc/locks", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find((words) => words[5]?.endsWith(`:${status.ino}`));
  return Number(lock?.[4]);
};
