import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enginePath } from "./engine.ts";
import type { LocalFault } from "./fault.ts";
import { refuseOutsideFunctions } from "./read-guard.ts";
import { smallDisk } from "./small-disk.fixture.ts";
import { ask, scratchDirectory } from "./store.fixture.ts";
import { startStore, type Store } from "./store.ts";

const directory = scratchDirectory();
let store: Store;

beforeAll(async () => {
  store = await startStore({ directory: directory.path, memoryBytes: 2 * 2 ** 30 });
  await store.client.command({ query: "CREATE TABLE IF NOT EXISTS calls (id UInt64) ENGINE = MergeTree ORDER BY id" });
  await store.client.insert({ table: "calls", values: [{ id: 1 }], format: "JSONEachRow" });
});
afterAll(async () => {
  await store?.stop();
  directory.remove();
});

const askAs = async (username: string, password: string, query: string): Promise<string> => {
  const headers = { "X-ClickHouse-User": username, "X-ClickHouse-Key": password, Connection: "close" };
  const response = await fetch(store.url, { method: "POST", body: query, headers });
  const answer = await response.text();
  return response.ok ? `ok: ${answer.trim()}` : (/\(([A-Z_]+)\)/.exec(answer)?.[1] ?? answer);
};

const readlinkIfAny = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
};

describe("the server", () => {
  test("answers nobody without its password", async () => {
    expect(await askAs(store.username, "", "SELECT 1")).toBe("AUTHENTICATION_FAILED");
    expect(await askAs("nobody", store.password, "SELECT 1")).toBe("AUTHENTICATION_FAILED");
  });

  test("has locked out the user that its engine logs in with", async () => {
    for (const query of [
      "SYSTEM STOP LISTEN HTTP",
      "SELECT * FROM system.numbers LIMIT 1",
      "SELECT * FROM tokenledger.calls",
    ]) {
      expect(await askAs("default", "", query)).toMatch(/QUOTA_EXCEEDED|ACCESS_DENIED/);
    }
  });

  test("listens on one port of loopback only", () => {
    const sockets = readdirSync(`/proc/${store.pid}/fd`).map((name) => readlinkIfAny(`/proc/${store.pid}/fd/${name}`));
    const listening = ["tcp", "tcp6"]
      .flatMap((name) => readFileSync(`/proc/net/${name}`, "utf8").trim().split("\n").slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && sockets.includes(`socket:[${inode}]`));
    const port = Number(new URL(store.url).port).toString(16).toUpperCase().padStart(4, "0");
    expect(listening.map(([, address]) => address)).toEqual([`0100007F:${port}`]);
  });

  test("keeps everything it writes to its owner", () => {
    const open = readdirSync(directory.path, { recursive: true, encoding: "utf8" })
      .map((name) => join(directory.path, name))
      .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
    expect([statSync(directory.path).mode & 0o777, open]).toEqual([0o700, []]);
  });

  test("says nothing of its password in arguments, environment or configuration", () => {
    const spoken = ["cmdline", "environ"].map(
      (name) => spawnSync("cat", [`/proc/${store.pid}/${name}`], { encoding: "utf8" }).stdout,
    );
    const files = spawnSync("grep", ["-rlF", store.password, directory.path], { encoding: "utf8" }).stdout;
    expect([...spoken, files].join("")).not.toContain(store.password);
    expect(files).toBe("");
  });
});

describe("the reader", () => {
  const read = (query: string): Promise<string> => askAs(store.reader.username, store.reader.password, query);

  test("reads the ledger", async () => {
    expect(await read("SELECT id FROM tokenledger.calls")).toBe("ok: 1");
  });

  const twoGigabytes = "SELECT number, leftPad(toString(number), 2000, 'x') AS long FROM numbers(1000000)";
  test.each([
    `SELECT count() FROM (SELECT rows.long FROM (${twoGigabytes}) AS rows GROUP BY rows.long)`,
    `SELECT 999990 + count() FROM numbers(10) AS few INNER JOIN (${twoGigabytes}) AS rows ON rows.number = few.number WHERE rows.long != ''`,
  ])("is answered by way of the disk where memory is not enough: %s", async (query) => {
    expect(await read(query)).toBe("ok: 1000000");
  });

  test.each([
    "INSERT INTO tokenledger.calls VALUES (2)",
    "DROP TABLE tokenledger.calls",
    "CREATE TABLE tokenledger.own (id UInt8) ENGINE = Memory",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
    "SELECT * FROM remote('127.0.0.1', tokenledger, calls)",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'CSV', 'line String')",
    "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM executable('sh', 'TSV', 'line String')",
    "SELECT * FROM system.users",
    "SELECT query FROM system.processes",
    "SELECT 1 SETTINGS max_memory_usage = 0",
    "SELECT 1 SETTINGS max_execution_time = 3600",
    "SELECT 1 SETTINGS readonly = 0",
    "SYSTEM SHUTDOWN",
    "KILL QUERY WHERE 1",
  ])("may not %s", async (query) => {
    expect(await read(query)).toMatch(/^(ACCESS_DENIED|READONLY|SETTING_CONSTRAINT_VIOLATION)$/);
  });
});

test.each([
  ["SELECT file('/etc/passwd')", true],
  ["SELECT arrayMap(x -> `file`(x), ['/etc/passwd']) FORMAT JSON", true],
  ["WITH (SELECT /* */ file ('/etc/passwd')) AS secret SELECT secret", true],
  ["SELECT id AS file, 'Function file (' FROM tokenledger.calls WHERE file > 0", false],
])("the guard of reading paths decides %s", async (query, refused) => {
  const decided = refuseOutsideFunctions(store.target, query).then(
    () => false,
    (error: LocalFault) => error.code === "not_allowed",
  );
  expect(await decided).toBe(refused);
});

describe("a start", () => {
  const fault = (options: Parameters<typeof startStore>[0]): Promise<unknown> =>
    startStore(options).then(
      (started) => started.stop().then(() => "started"),
      (error: LocalFault) => error,
    );

  test("in a directory that is in use names the process that uses it", async () => {
    expect(await fault({ directory: directory.path })).toMatchObject({
      code: "store_busy",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await ask(store.target, "SELECT id FROM calls")).toEqual([{ id: 1 }]);
  });

  test("on a port in use names the port", async () => {
    const other = createServer();
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const httpPort = typeof address === "object" && address !== null ? address.port : 0;
    const scratch = scratchDirectory();
    expect(await fault({ directory: scratch.path, httpPort })).toMatchObject({
      code: "port_in_use",
      message: expect.stringContaining(String(httpPort)),
    });
    other.close();
    scratch.remove();
  });

  test("on a platform without the engine says what to do", () => {
    expect(() => enginePath("sunos-sparc")).toThrow("--clickhouse http://USER:PASSWORD@HOST:8123/tokenledger");
  });

  test("on a full disk says that it is full", async () => {
    const disk = smallDisk(1);
    if (disk === undefined) return;
    disk.fill();
    expect(await fault({ directory: join(disk.path, "ledger") })).toMatchObject({ code: "disk_full" });
    disk.remove();
  });
});

test("rows survive a stop and a kill", async () => {
  const scratch = scratchDirectory();
  const first = await startStore({ directory: scratch.path });
  await first.client.command({ query: "CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id" });
  await first.client.insert({ table: "kept", values: [{ id: 1 }], format: "JSONEachRow" });
  await first.stop();
  const second = await startStore({ directory: scratch.path });
  await second.client.insert({ table: "kept", values: [{ id: 2 }], format: "JSONEachRow" });
  process.kill(second.pid, "SIGKILL");
  await second.exited;
  await second.stop();
  const third = await startStore({ directory: scratch.path });
  expect(await ask(third.target, "SELECT id FROM kept ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
  await third.stop();
  scratch.remove();
});

test("the server ends with a parent that is killed", async () => {
  const scratch = scratchDirectory();
  const script = `import { startStore } from ${JSON.stringify(fileURLToPath(new URL("store.ts", import.meta.url)))};
    const store = await startStore({ directory: ${JSON.stringify(scratch.path)} });
    console.log(store.pid);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(parent.stdout, "data");
  const pid = Number(String(line));
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 20_000 }).toBe(false);
  scratch.remove();
});
