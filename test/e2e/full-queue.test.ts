import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@tokenledger/clickhouse";
import { type CollectorProcess, startReceiver, startStore, type Store } from "@tokenledger/local";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { heldResponses, makeHome, notices } from "./accounts.ts";
import { commandLine } from "./cli-process.ts";
import { collect, counter, isBuilt, select, token } from "./collector-rig.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { compareWithBill, deliverHeld, type Load, noDifference, runLoad } from "./load.ts";
import { seed } from "./seed.ts";

vi.setConfig({ testTimeout: 120_000 });

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-full-"));
/** A program that may keep next to nothing in memory. */
const narrow = { OTEL_BSP_MAX_QUEUE_SIZE: "16", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "8" };
let store: Store;

beforeAll(async () => {
  store = await startStore({ directory: join(scratch, "store") });
  await migrate(store.target);
});
afterAll(async () => {
  await store?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

interface Finding {
  subject: string;
  found: string;
}
/** What `doctor` says of a program's folder, and of a collector. */
const doctor = async (home: string, collector: string): Promise<Finding[]> => {
  const { url, username, password, database } = store;
  const clickhouse = `http://${username}:${password}@${new URL(url).host}/${database}`;
  const named = ["--clickhouse", clickhouse, "--directory", home, "--collector", collector];
  const { stdout } = await commandLine(home)(["doctor", "--json", ...named]);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
};

describe.skipIf(!isBuilt())("a collector whose queue is full", () => {
  let collector: CollectorProcess;
  let behind: FaultProxy;
  let before: FaultProxy;

  beforeEach(async ({ task }) => {
    behind = await startFaultProxy(store.url, /INSERT/i);
    const settings = { COLLECTOR_QUEUE_BYTES: "120000", COLLECTOR_BATCH_SPANS: "20", COLLECTOR_BATCH_SPANS_MAX: "40" };
    collector = await collect({ ...store, url: behind.url }, join(scratch, `queue-${task.id}`), { settings });
    before = await startFaultProxy(collector.url);
  });
  afterEach(async () => {
    before.stop();
    await collector.stop();
    behind.stop();
  });

  test("as the store is slow makes the program hold back, loses nothing, and shows in doctor", async () => {
    behind.delayMillis = 1_500;
    const home = makeHome({ url: before.url, token });
    const load: Load = { service: "slow-store", home, calls: 300, paceMillis: 1, env: narrow };
    const { bill } = await runLoad({
      ...load,
      meanwhile: () => vi.waitFor(() => expect(before.answered.get(503)).toBeGreaterThan(0), { timeout: 30_000 }),
    });
    expect(heldResponses(home).length).toBeGreaterThan(0);
    const sentBack = await counter(collector, "otelcol_receiver_refused_spans");
    const said = (await doctor(home, collector.metricsUrl)).filter(({ subject }) => subject === "collector");
    expect(said[0]?.found).toContain(`${sentBack} spans sent back`);
    behind.delayMillis = 0;
    await deliverHeld(load);
    await vi.waitFor(
      async () => expect(await compareWithBill(store.target, load.service, bill)).toEqual(noDifference),
      { timeout: 30_000, interval: 250 },
    );
    console.log(`seed ${seed}: ${bill.length} billed, ${sentBack} spans sent back, none lost`);
  });

  test("while the program's disk takes nothing: every span is stored or declared lost, and doctor says how many", async () => {
    const home = makeHome({ url: before.url, token });
    // A file where the spool's folder would be.
    writeFileSync(join(home, "spool"), "");
    const load: Load = { service: "no-spool", home, calls: 60, paceMillis: 5, env: narrow };
    before.disturb(() => (before.met.none < 3 ? "none" : "refuse"));
    const { bill } = await runLoad(load);
    const [declared] = notices(home, "lost").map(({ spans }) => (spans as Record<string, number>)["spool_failed"]);
    const arrived = async (): Promise<number> => {
      const [row] = await select<{ spans: string }>(
        store.target,
        `SELECT toString(uniqExact(SpanId)) AS spans FROM otel_traces WHERE ServiceName = '${load.service}'`,
      );
      return Number(row?.spans);
    };
    // Each call is a span of its agent and one of its own.
    await vi.waitFor(async () => expect((await arrived()) + (declared ?? 0)).toBe(2 * load.calls), 20_000);
    const stored = await vi.waitFor(async () => {
      const { missing, extra, differing } = await compareWithBill(store.target, load.service, bill);
      expect([missing.length < bill.length, extra, differing]).toEqual([true, [], []]);
      return bill.length - missing.length;
    }, 20_000);
    const said = (await doctor(home, collector.metricsUrl)).filter(({ subject }) => subject === "lost spans");
    expect(said[0]?.found).toContain(`gave up ${declared} (spool_failed)`);
    console.log(`seed ${seed}: ${bill.length} billed, ${stored} stored, ${declared} spans declared lost`);
  });
});

test("a slow store makes a program wait for the local receiver, and loses nothing", async () => {
  const receiver = await startReceiver({ target: store.target, token });
  const before = await startFaultProxy(receiver.url);
  before.delayMillis = 1_000;
  const home = makeHome({ url: before.url, token });
  const load: Load = { service: "slow-receiver", home, calls: 60, paceMillis: 5, env: narrow };
  const { bill } = await runLoad(load);
  expect(heldResponses(home).length).toBeGreaterThan(0);
  before.delayMillis = 0;
  await deliverHeld(load);
  expect(await compareWithBill(store.target, load.service, bill)).toEqual(noDifference);
  before.stop();
  await receiver.stop();
});
