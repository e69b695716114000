import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { migrate, settle } from "@tokenledger/clickhouse";
import { type CollectorProcess, type RunningLedger, startStore, type Store, up } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeHome } from "./accounts.ts";
import {
  billedIds,
  call,
  collect,
  counter,
  distribution,
  idsOf,
  isBuilt,
  post,
  rowsOf,
  select,
  startBackend,
  type Taken,
  token,
} from "./collector-rig.ts";
import { runSample, settleWhole } from "./sample.ts";

const built = isBuilt();
const scratch = mkdtempSync(join(tmpdir(), "tokenledger-collector-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const tables = ["llm_calls", "agent_runs", "tool_calls", "spans"];

describe.skipIf(!built)("the sample's ledger through the collector", () => {
  let local: RunningLedger;
  let collected: RunningLedger;

  beforeAll(async () => {
    local = await up({ directory: join(scratch, "local"), port: 0 });
    collected = await up({ directory: join(scratch, "collected"), port: 0, collector: distribution });
    // Both get the same bytes, so that nothing but the way in can differ.
    const tee = await startBackend(async ({ path, headers, body }) => {
      const answers = [local, collected].map(({ receiver }) => {
        const kept = ["content-type", "content-encoding"].flatMap((name) => {
          const value = headers[name];
          return typeof value === "string" ? [[name, value] as const] : [];
        });
        const sent = { ...Object.fromEntries(kept), Authorization: `Bearer ${receiver.token}` };
        return fetch(`${receiver.url}${path}`, { method: "POST", headers: sent, body: new Uint8Array(body) });
      });
      const done = await Promise.all(answers);
      return Math.max(...done.map(({ status }) => status));
    });
    const home = makeHome({ url: tee.url, token: "tee" });
    const { ended, bill } = await runSample("ES modules", home);
    if (ended.code !== 0) throw new Error(`the sample failed: ${ended.stderr}`);
    await settleWhole(local.target, home, bill);
    tee.stop();
    // A row is seen in the landing table before the facts that its insert makes.
    const landed = ({ target }: RunningLedger): Promise<number[]> =>
      Promise.all([rowsOf(target, "otel_traces", ""), ...tables.map((table) => rowsOf(target, table))]).then((all) =>
        all.map((rows) => rows.length),
      );
    const whole = await landed(local);
    const arrival = async (): Promise<void> => {
      const found = await landed(collected);
      if (found.some((rows, table) => rows < (whole[table] ?? 0)))
        throw new Error(`rows: ${found.join()} of ${whole.join()}`);
    };
    await vi.waitFor(arrival, { timeout: 30_000 });
    await Promise.all([local, collected].map(({ target }) => settle(target)));
  });
  afterAll(() => Promise.all([local?.stop(), collected?.stop()]));

  test.each(tables)("equals the local receiver's, row for row: %s", async (table) => {
    const [expected, found] = await Promise.all([local, collected].map(({ target }) => rowsOf(target, table)));
    expect(expected?.length).toBeGreaterThan(1);
    expect(found).toEqual(expected);
  });

  test("lands every column as the local receiver does", async () => {
    const [expected, found] = await Promise.all(
      [local, collected].map(async ({ target }) => new Set(await rowsOf(target, "otel_traces", ""))),
    );
    expect(found).toEqual(expected);
  });
});

describe.skipIf(!built)("a collector", () => {
  let store: Store;
  let collector: CollectorProcess;
  let apm: Awaited<ReturnType<typeof startBackend>>;
  const copied: Taken[] = [];
  const secret = `sk-${"a1B2".repeat(10)}`;
  const attributesOf = async (number: number): Promise<Record<string, string>> => {
    const [row] = await select<{ attributes: Record<string, string> }>(
      store.target,
      `SELECT SpanAttributes AS attributes FROM otel_traces WHERE SpanId = '${call(number).spanId}'`,
    );
    return row?.attributes ?? {};
  };
  const stored = async (number: number): Promise<void> => {
    await expect.poll(() => billedIds(store.target), { timeout: 20_000 }).toContain(`chatcmpl-${number}`);
  };

  beforeAll(async () => {
    store = await startStore({ directory: join(scratch, "store") });
    await migrate(store.target);
    apm = await startBackend(async (request) => {
      copied.push(request);
      return 200;
    });
    collector = await collect(store, join(scratch, "queue"), {
      configurations: ["config.yaml", "apm.yaml"],
      settings: { APM_ENDPOINT: apm.url, APM_SAMPLING_PERCENTAGE: "0", APM_DECISION_WAIT: "100ms" },
    });
  });
  afterAll(async () => {
    await collector?.stop();
    apm?.stop();
    await store?.stop();
  });

  test("takes nothing without its token", async () => {
    expect([await post(collector, [call(1)], "wrong"), await post(collector, [call(1)])]).toEqual([401, 200]);
    await stored(1);
  });

  test("masks a secret wherever it stands, and no count of tokens", async () => {
    const counts = { "gen_ai.usage.input_tokens": 123_456_789_012, "gen_ai.usage.cache_read.input_tokens": 20_000 };
    await post(collector, [call(2, { ...counts, "app.note": `the key ${secret} is out`, "app.list": ["x", secret] })]);
    await stored(2);
    const attributes = await attributesOf(2);
    expect(attributes).toMatchObject({
      "gen_ai.usage.input_tokens": "123456789012",
      "gen_ai.usage.cache_read.input_tokens": "20000",
      "app.note": "the key **** is out",
    });
    expect(JSON.stringify(attributes)).not.toContain(secret);
  });

  test("stores the good spans around one of 12 MB", async () => {
    const spans = [call(10), call(11, { "app.large": "x".repeat(12_000_000) }), call(12)];
    expect(await post(collector, spans)).toBe(200);
    await stored(12);
    expect((await billedIds(store.target)).filter((id) => /-1[012]$/.test(id))).toEqual(idsOf(spans));
  });

  test("refuses a request beyond 20 MB, and stays up", async () => {
    expect(await post(collector, [call(20, { "app.large": "x".repeat(21_000_000) })])).toBeGreaterThanOrEqual(400);
    expect(await post(collector, [call(21)])).toBe(200);
    await stored(21);
  });

  test("sets aside spans that cannot be stored, counts them, and stores their neighbours", async () => {
    const bad = [
      call(30, {}, { startTimeUnixNano: "18446744073709551615" }),
      call(31, {}, { startTimeUnixNano: "0" }),
      call(32, {}, { traceId: "0".repeat(32) }),
    ];
    await post(collector, [call(33), ...bad, call(34)]);
    await stored(34);
    expect((await billedIds(store.target)).filter((id) => /-3\d$/.test(id))).toEqual(["chatcmpl-33", "chatcmpl-34"]);
    expect(await counter(collector, "otelcol_processor_filter_spans_filtered")).toBe(bad.length);
  });

  test("copies a sample to another backend without its content, while the ledger stays whole", async () => {
    const failed = { status: { code: 2 } };
    const content = { "gen_ai.input.messages": "what the user said", "gen_ai.usage.output_tokens": 7 };
    await post(collector, [call(40, content), call(41, content, failed), call(42, content)]);
    await stored(42);
    await expect.poll(() => copied.length, { timeout: 20_000 }).toBe(1);
    const body = gunzipSync(copied[0]?.body ?? Buffer.alloc(0)).toString("latin1");
    expect(body).toContain("chatcmpl-41");
    expect(body).not.toMatch(/chatcmpl-4[02]|what the user said/);
    expect((await billedIds(store.target)).filter((id) => /-4\d$/.test(id))).toHaveLength(3);
    expect(await attributesOf(41)).toMatchObject({ "gen_ai.input.messages": "what the user said" });
  });

  test("needs its token to start", async () => {
    await expect(collect(store, join(scratch, "second"), { token: "" })).rejects.toMatchObject({
      code: "collector_failed",
      message: expect.stringContaining("bearertokenauth"),
    });
    expect(token).not.toBe("");
  });
});

test.skipIf(!built)("a collector names the port that another program uses", async () => {
  const other = await startBackend(async () => 200);
  const nowhere = { url: "http://127.0.0.1:9", username: "none", password: "none", database: "none" };
  const port = Number(new URL(other.url).port);
  await expect(collect(nowhere, join(scratch, "taken"), { port })).rejects.toMatchObject({
    code: "port_in_use",
    message: expect.stringContaining(`Port ${port} is in use`),
  });
  other.stop();
});
