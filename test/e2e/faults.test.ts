import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { migrate } from "@tokenledger/clickhouse";
import { type Endpoint, startReceiver, startStore, type Store } from "@tokenledger/local";
import type { BillLine, ProviderDouble } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeHome } from "./accounts.ts";
import { collect, isBuilt, token } from "./collector-rig.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import {
  compareWithBill,
  deliverHeld,
  type Differences,
  landedRows,
  type Load,
  noDifference,
  runLoad,
} from "./load.ts";
import { randomFor, seed } from "./seed.ts";

// The load of a busy machine is not what is tested.
vi.setConfig({ testTimeout: 120_000 });

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-faults-"));
const inserts = /INSERT/i;

/** The collector's waits between attempts, one twentieth of what it ships with: 25 ms, growing to half a second. */
const hasty = join(scratch, "hasty.yaml");
writeFileSync(
  hasty,
  "exporters: { clickhouse: { retry_on_failure: { initial_interval: 25ms, max_interval: 500ms } } }\n",
);

type Start = (store: Store, storeUrl: string) => Promise<Endpoint>;
const startLocal: Start = ({ username, password, database }, url) => {
  const log = { level: ClickHouseLogLevel.OFF };
  const client = createClient({ url, username, password, database, log, keep_alive: { enabled: false } });
  return startReceiver({ target: { client, database }, token });
};
const startCollected: Start = (store, url) =>
  collect({ ...store, url }, join(scratch, "queue"), { configurations: ["config.yaml", hasty] });

const ways: [string, Start][] = [["the local receiver", startLocal]];
if (isBuilt()) ways.push(["the collector", startCollected]);

describe.each(ways)("what the provider billed is in the ledger once, through %s", (way, startIntake) => {
  let store: Store;
  let intake: Endpoint;
  /** Between the intake and ClickHouse. */
  let behind: FaultProxy;
  /** Between the program and the intake. */
  let before: FaultProxy;
  let run = 0;

  beforeAll(async () => {
    store = await startStore({ directory: join(scratch, way.replaceAll(" ", "-")) });
    await migrate(store.target);
    behind = await startFaultProxy(store.url, inserts);
    intake = await startIntake(store, behind.url);
    before = await startFaultProxy(intake.url);
  });
  afterAll(async () => {
    before?.stop();
    await intake?.stop();
    behind?.stop();
    await store?.stop();
  });

  const newLoad = (more: Partial<Load> = {}): Load => {
    run += 1;
    const service = `run-${run}-${seed}`;
    const env = { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "16", ...more.env };
    return { service, home: makeHome({ url: before.url, token }), calls: 90, ...more, env };
  };
  /** Every span of the run is delivered, or it never will be. */
  const differences = async (load: Load, bill: readonly BillLine[], timeout = 30_000): Promise<Differences> => {
    await deliverHeld(load);
    const whole = async (): Promise<void> =>
      expect((await compareWithBill(store.target, load.service, bill)).missing).toEqual([]);
    await vi.waitFor(whole, { timeout, interval: 250 }).catch(() => {});
    return compareWithBill(store.target, load.service, bill);
  };
  const report = async (fault: string, { service }: Load, bill: readonly BillLine[], rest: string): Promise<void> => {
    const rows = await landedRows(store.target, service);
    console.log(`seed ${seed}, ${way}, ${fault}: ${bill.length} billed, ${rows} rows landed, ${rest}`);
  };
  const delta = (proxy: FaultProxy, fault: Fault): (() => number) => {
    const earlier = proxy.met[fault];
    return () => proxy.met[fault] - earlier;
  };

  test.each([
    ["an acknowledgement swallowed after the commit", "swallow"],
    ["the network cut in the middle of a request", "cut"],
    ["the same batch delivered five times", "repeat"],
  ] as const)("%s, on both ways", async (what, fault) => {
    const counts = [delta(before, fault), delta(behind, fault)] as const;
    for (const proxy of [before, behind]) {
      const random = randomFor(`${what}-${proxy === before}`);
      const enough = proxy.met[fault] + 2;
      proxy.disturb(() => (proxy.met[fault] < enough && random() < 0.6 ? fault : "none"));
    }
    const load = newLoad({
      meanwhile: async () => {
        await vi.waitFor(() => expect(Math.min(...counts.map((count) => count()))).toBeGreaterThan(0), {
          timeout: 40_000,
        });
        for (const proxy of [before, behind]) proxy.disturb();
      },
    });
    const { bill } = await runLoad(load);
    expect(await differences(load, bill)).toEqual(noDifference);
    expect(bill).toHaveLength(load.calls);
    await report(what, load, bill, `${counts[0]()} faults before and ${counts[1]()} behind it`);
  });

  test("ClickHouse refusing for longer than every wait between attempts", async () => {
    const refused = delta(behind, "refuse");
    // Our own sender waits two seconds, as it is told; the collector is through its waits after nine attempts.
    const enough = way === "the collector" ? 14 : 3;
    const load = newLoad({
      meanwhile: async () => {
        await vi.waitFor(() => expect(refused()).toBeGreaterThanOrEqual(enough), { timeout: 30_000 });
        behind.disturb();
      },
    });
    behind.disturb(() => "refuse");
    const { bill } = await runLoad(load);
    expect(await differences(load, bill)).toEqual(noDifference);
    await report("ClickHouse refusing", load, bill, `${refused()} inserts refused, waits scaled down twentyfold`);
  });

  test("ClickHouse killed under load and started again", async () => {
    const billed = (double: ProviderDouble, count: number): Promise<void> =>
      vi.waitFor(() => expect(double.bill().length).toBeGreaterThan(count), { timeout: 30_000 });
    const load = newLoad({
      calls: 240,
      meanwhile: async (double) => {
        for (const count of [40, 120]) {
          await billed(double, count);
          process.kill(store.pid, "SIGKILL");
          await store.exited;
          await billed(double, count + 40);
          const { url, identity } = store;
          store = await startStore({
            directory: join(scratch, way.replaceAll(" ", "-")),
            httpPort: Number(new URL(url).port),
            identity,
          });
        }
      },
    });
    const { bill } = await runLoad(load);
    expect(await differences(load, bill)).toEqual(noDifference);
    await report("ClickHouse killed twice", load, bill, "none lost");
  });

  test("unless it is lost or doubled on purpose, which this comparison finds", async () => {
    const lied = delta(before, "lie");
    const load = newLoad({ calls: 40 });
    before.disturb(() => (lied() === 0 ? "lie" : "none"));
    const { bill } = await runLoad(load);
    before.disturb();
    const [known] = bill.slice(-1);
    const { missing } = await differences(load, bill, 3_000);
    expect([lied(), missing.length > 0]).toEqual([1, true]);
    const withoutLast = await compareWithBill(store.target, load.service, bill.slice(0, -1));
    expect(withoutLast.extra).toEqual([known?.responseId]);
    const dearer = bill.map((line) => ({ ...line, output: line.output + 1 }));
    expect((await compareWithBill(store.target, load.service, dearer)).differing).not.toEqual([]);
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));
