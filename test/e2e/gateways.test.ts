import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LedgerTarget, migrate } from "@tokenledger/clickhouse";
import { type CollectorProcess, startReceiver, startStore, type Store } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../packages/local/src/occupancy.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { call, collect, counter, distribution, isBuilt, post, select, type WireSpan } from "./collector-rig.ts";

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-gateways-"));
const name = "gateways.test";
const addresses = ["127.0.0.1", "127.0.0.2"] as const;
const hosts = join(scratch, "hosts");
/** A mount namespace of one's own; without root, in a user namespace of one's own. */
const isolated = ["--mount", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])];

const mayIsolate = (): boolean => {
  try {
    execFileSync("unshare", [...isolated, "mount", "--bind", "/dev/null", "/etc/hosts"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("skipped: this system allows no mount namespace, in which a name could list the gateways");
    return false;
  }
};

/** Says which gateways the name lists, to the agent alone. */
const list = (...ready: readonly string[]): void =>
  writeFileSync(hosts, ["127.0.0.1 localhost", ...ready.map((address) => `${address} ${name}`), ""].join("\n"));

/** The collector as it is, in a namespace whose /etc/hosts is ours. */
const isolatedDistribution = (): string => {
  const directory = join(scratch, "agent");
  mkdirSync(directory);
  for (const file of ["config.yaml", "agent.yaml"]) copyFileSync(join(distribution, file), join(directory, file));
  const inside = `mount --bind ${hosts} /etc/hosts && exec ${distribution}/tokenledger-collector "$@"`;
  const script = `#!/bin/sh\nexec unshare ${isolated.join(" ")} /bin/sh -c '${inside}' collector "$@"\n`;
  writeFileSync(join(directory, "tokenledger-collector"), script, { mode: 0o755 });
  return directory;
};

/** `count` traces from the `first`, each of three calls; the nth calls of all traces are sent together. */
const traces = (first: number, count: number): WireSpan[][] =>
  [0, 1, 2].map((part) =>
    Array.from({ length: count }, (_, index) =>
      call(10 * (first + index) + part, {}, { traceId: call(first + index).traceId, startTimeUnixNano: start }),
    ),
  );
const start = String(BigInt(Date.now() - 60_000) * 1_000_000n);

interface Row {
  trace: string;
  span: string;
}
const rowsOf = ({ client, database }: LedgerTarget): Promise<Row[]> =>
  select<Row>(
    { client, database },
    `SELECT toString(trace_id) AS trace, toString(span_id) AS span FROM ${database}.llm_calls FINAL ORDER BY span_id`,
  );

describe.skipIf(!(isBuilt() && mayIsolate()))("an agent and two gateways", { timeout: 180_000 }, () => {
  let store: Store;
  let tls: Certificate;
  let port: number;
  let agent: CollectorProcess;
  const gateways: CollectorProcess[] = [];
  const targets: LedgerTarget[] = [];
  const sent: WireSpan[] = [];

  /** Each gateway has a database of its own, which tells what came its way. */
  const startGateway = (index: number): Promise<CollectorProcess> =>
    collect({ ...store, database: `gateway_${index}` }, join(scratch, `queue-${index}`), {
      configurations: ["config.yaml", "tls.yaml", "gateway.yaml"],
      token: "between-agents-and-gateways",
      settings: {
        COLLECTOR_GRPC: `${addresses[index]}:${port}`,
        COLLECTOR_TLS_CERTIFICATE: tls.certificateFile,
        COLLECTOR_TLS_KEY: tls.keyFile,
        COLLECTOR_QUEUE_BYTES: "100000000",
      },
    });
  const startAgent = (): Promise<CollectorProcess> =>
    collect({ url: "none", username: "none", password: "none", database: "none" }, join(scratch, "queue-agent"), {
      distribution: join(scratch, "agent"),
      configurations: ["config.yaml", "agent.yaml"],
      settings: {
        GATEWAY_HOST: name,
        GATEWAY_PORT: String(port),
        GATEWAY_TOKEN: "between-agents-and-gateways",
        GATEWAY_CA_FILE: tls.certificateFile,
        GATEWAY_LOOKUP_INTERVAL: "200ms",
      },
    });
  const send = async (parts: readonly WireSpan[][]): Promise<void> => {
    for (const part of parts) {
      expect(await post(agent, part)).toBe(200);
      sent.push(...part);
    }
  };
  const stored = async (): Promise<Row[]> => (await Promise.all(targets.map(rowsOf))).flat();
  const distinct = async (): Promise<number> => new Set((await stored()).map(({ span }) => span)).size;
  const everythingStored = async (): Promise<void> => {
    await expect.poll(distinct, { timeout: 120_000 }).toBe(sent.length);
  };

  beforeAll(async () => {
    list(...addresses);
    isolatedDistribution();
    port = await freePort();
    tls = makeCertificate(scratch, name);
    store = await startStore({ directory: join(scratch, "store") });
    const make = async (database: string): Promise<void> => {
      await store.client.command({ query: `CREATE DATABASE ${database}` });
      await migrate({ client: store.client, database });
    };
    await Promise.all(["gateway_0", "gateway_1", "direct"].map(make));
    targets.push(...[0, 1].map((index) => ({ client: store.client, database: `gateway_${index}` })));
    gateways.push(...(await Promise.all([0, 1].map(startGateway))));
    agent = await startAgent();
    // Three collectors and three ledgers.
  }, 300_000);
  afterAll(async () => {
    await agent?.stop();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await store?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  test("keep every trace whole at one gateway, and hold what the local receiver would", async () => {
    const parts = traces(0, 60);
    await send(parts);
    await everythingStored();
    const [first, second] = await Promise.all(targets.map(rowsOf));
    const tracesOf = (rows: readonly Row[] = []): Set<string> => new Set(rows.map(({ trace }) => trace));
    expect([...tracesOf(first)].filter((trace) => tracesOf(second).has(trace))).toEqual([]);
    expect(tracesOf(first).size).toBeGreaterThan(10);
    expect(tracesOf(second).size).toBeGreaterThan(10);
    const direct = { client: store.client, database: "direct" };
    const receiver = await startReceiver({ target: direct, token: "collector-test", port: 0 });
    for (const part of parts) expect(await post(receiver, part)).toBe(200);
    await receiver.stop();
    const inOrder = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();
    expect(inOrder(await stored())).toEqual(inOrder(await rowsOf(direct)));
  });

  test("hand a killed gateway's traces to the other one once it is off the list, and lose none", async () => {
    await gateways[1]?.kill();
    await send(traces(1_000, 40));
    // Listed still: what is the killed one's waits on the agent's disk.
    expect(await counter(agent, "otelcol_exporter_send_failed_spans")).toBe(0);
    list(addresses[0]);
    await everythingStored();
    await send(traces(2_000, 40));
    await everythingStored();
    gateways[1] = await startGateway(1);
    list(...addresses);
    await everythingStored();
  });

  test("outlive the loss of every gateway and of the agent", async () => {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    await send(traces(3_000, 40));
    await agent.kill();
    agent = await startAgent();
    await send(traces(4_000, 20));
    for (const index of [0, 1]) gateways[index] = await startGateway(index);
    await everythingStored();
    expect(await counter(agent, "otelcol_exporter_send_failed_spans")).toBe(0);
  });
});
