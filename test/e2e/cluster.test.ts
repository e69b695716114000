import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, type LandingRow, landSpans, migrate, publishPrices, settle } from "@tokenledger/clickhouse";
import { type CollectorProcess, startStore } from "@tokenledger/local";
import { offerCatalogue } from "@tokenledger/prices";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestCluster, type TestCluster } from "../../clickhouse/test/test-cluster.ts";
import { answersAbout } from "../../clickhouse/test/view-cases.ts";
import { makeHome } from "./accounts.ts";
import { type Answer, commandLine } from "./cli-process.ts";
import { collect, counter, isBuilt, token } from "./collector-rig.ts";
import { deliverHeld, runSample } from "./sample.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-cluster-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const cli = commandLine(scratch);

describe.skipIf(!isBuilt())("the sample's ledger on a cluster, through the collector", () => {
  let cluster: TestCluster;
  let collector: CollectorProcess;
  const report = async (node: number): Promise<Answer> => {
    const { url = "", username, password, database } = cluster.access[node] ?? {};
    const window = ["--since", "2026-01-01", "--until", "2100-01-01"];
    const answer = await cli([
      "report",
      "--json",
      ...window,
      "--clickhouse",
      `${url.replace("//", `//${username}:${password}@`)}/${database}`,
    ]);
    return { ...answer, stdout: answer.stdout.replace(/"generatedAt": ".*"/, "") };
  };

  beforeAll(async () => {
    cluster = await startTestCluster(2, await offerCatalogue());
    const [, second] = cluster.access;
    if (second === undefined) throw new Error("a cluster of two has a second node");
    collector = await collect(second, join(scratch, "queue"));
    const home = makeHome({ url: collector.url, token });
    const { ended, bill } = await runSample("ES modules", home);
    if (ended.code !== 0) throw new Error(`the sample failed: ${ended.stderr}`);
    await deliverHeld(home);
    const everySpanIsStored = async (): Promise<void> => {
      const taken = await counter(collector, "otelcol_receiver_accepted_spans");
      const sent = await counter(collector, "otelcol_exporter_sent_spans");
      if (taken <= bill.length || sent < taken) throw new Error(`${sent} of ${taken} spans are stored`);
    };
    await vi.waitFor(everySpanIsStored, { timeout: 60_000 });
    await settle(cluster.target);
    await explain(cluster.target);
  });
  afterAll(async () => {
    await collector?.stop();
    await cluster?.stop();
  });

  test("answers as on a single node", async () => {
    const single = await startStore({ directory: join(scratch, "single") });
    await migrate(single.target);
    const { version } = await publishPrices(single.target, await offerCatalogue());
    const spans = await cluster.target.client.query({
      query: "SELECT * FROM ledger.otel_traces",
      format: "JSONEachRow",
    });
    await landSpans(single.target, await spans.json<LandingRow>());
    await settle(single.target);
    await explain(single.target);
    const alone = { target: single.target, priceVersion: version };
    expect(await answersAbout(cluster)).toEqual(await answersAbout(alone));
    await single.stop();
  });

  test("is reported alike by every node, and not at all while a shard is down", async () => {
    const whole = await report(0);
    expect(whole.code).toBe(0);
    expect((await report(1)).stdout).toBe(whole.stdout);
    await cluster.kill(1);
    const partial = await report(0);
    await cluster.restart(1);
    expect(partial).toMatchObject({ code: 1, stdout: "" });
    expect(partial.stderr).toContain(
      `Shard 2 of the ClickHouse cluster does not answer (${cluster.address(1)}), and a sum without it would be too small`,
    );
    expect((await report(0)).stdout).toBe(whole.stdout);
  });
});

test("migrate makes a ledger on a server that has none, and says what a cluster lacks", async () => {
  const store = await startStore({ directory: join(scratch, "fresh") });
  const url = `${store.url.replace("//", `//${store.username}:${store.password}@`)}/new_ledger`;
  const before = await cli(["report", "--clickhouse", url]);
  expect(before).toMatchObject({ code: 1, stderr: expect.stringContaining("tokenledger migrate") });
  const nowhere = await cli(["migrate", "--clickhouse", url, "--cluster", "main"]);
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('The server knows no cluster "main"') });
  expect(await cli(["migrate", "--clickhouse", url])).toMatchObject({ code: 0 });
  expect(await cli(["report", "--clickhouse", url])).toMatchObject({ code: 0 });
  await store.stop();
});
