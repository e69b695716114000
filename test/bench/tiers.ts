import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, publishPrices } from "@tokenledger/clickhouse";
import { startStore, type CollectorProcess, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import { makeCertificate } from "../e2e/certificate.ts";
import { collect, distribution, isBuilt, select, token } from "../e2e/collector-rig.ts";
import type { BenchResult } from "./result.ts";
import { benchSpans, otlpRequest } from "./spans.ts";

/** What the SDK's batch processor sends at once. */
const requestSpans = 512;
const requests = 600;
const senders = 8;
const spans = requests * requestSpans;
/** The kernel's unit of CPU time in /proc. */
const ticksPerSecond = 100;

/** CPU that a span costs at each tier: agent, gateway, ClickHouse. It bounds what a core of each can take. */
export async function benchTiers(): Promise<BenchResult[]> {
  if (!isBuilt()) return [];
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-tiers-"));
  const store = await startStore({ directory: join(directory, "store") });
  await migrate(store.target);
  await publishPrices(store.target, await loadCatalogue());
  const { agent, gateway } = await startTiers(store, directory);
  try {
    const bodies = Array.from({ length: requests }, (_, seed) => otlpRequest(benchSpans(seed, requestSpans)));
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / spans;
    const pids = [agent.pid, gateway.pid, store.pid];
    const [before, partsBefore, started] = [pids.map(cpuSeconds), await eventsOf(store), performance.now()];
    await sendAll(agent, bodies);
    await arrival(store);
    const seconds = (performance.now() - started) / 1000;
    const after = pids.map(cpuSeconds);
    const parts = (await eventsOf(store)).map((count, event) => count - (partsBefore[event] ?? 0));
    const tiers = ["agent", "gateway", "ClickHouse"].map((name, tier) => ({
      name: `CPU of a span: ${name}`,
      measured: perSpan(((after[tier] ?? 0) - (before[tier] ?? 0)) / spans),
      bar: "none",
    }));
    const [inserts = 0, blocks = 0] = parts;
    return [
      ...tiers,
      {
        name: "agent → gateway → facts",
        measured: `${Math.round(spans / seconds)} spans/s, ${Math.round(bytes)} bytes a span; ${inserts} inserts, ${(blocks / inserts).toFixed(1)} parts each`,
        bar: "none",
      },
    ];
  } finally {
    await agent.stop();
    await gateway.stop();
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const perSpan = (seconds: number): string =>
  `${(seconds * 1e6).toFixed(1)} µs, so ${Math.round(1 / seconds)} spans/s and core`;

async function startTiers(
  store: Store,
  directory: string,
): Promise<{ agent: CollectorProcess; gateway: CollectorProcess }> {
  const tls = makeCertificate(directory, "gateways.test");
  const gateway = await collect(store, join(directory, "gateway"), {
    distribution,
    configurations: ["config.yaml", "tls.yaml", "gateway.yaml"],
    settings: { COLLECTOR_TLS_CERTIFICATE: tls.certificateFile, COLLECTOR_TLS_KEY: tls.keyFile },
  });
  const agent = await collect(store, join(directory, "agent"), {
    configurations: ["config.yaml", "agent.yaml"],
    settings: {
      GATEWAY_HOST: "127.0.0.1",
      GATEWAY_PORT: String(gateway.ports.grpc),
      GATEWAY_TOKEN: token,
      GATEWAY_CA_FILE: tls.certificateFile,
      GATEWAY_NAME: "gateways.test",
    },
  });
  return { agent, gateway };
}

async function sendAll({ url }: CollectorProcess, bodies: readonly Uint8Array[]): Promise<void> {
  const waiting = [...bodies];
  const headers = { "Content-Type": "application/x-protobuf", Authorization: `Bearer ${token}` };
  const send = async (): Promise<void> => {
    for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
      const answer = await fetch(`${url}/v1/traces`, { method: "POST", headers, body: Uint8Array.from(body) });
      if (!answer.ok) throw new Error(`the agent answered ${answer.status}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
}

async function arrival({ target }: Store): Promise<void> {
  for (;;) {
    const [row] = await select<{ rows: string }>(target, "SELECT toString(count()) AS rows FROM otel_traces");
    if (Number(row?.rows) >= spans) return;
    await new Promise((settle) => setTimeout(settle, 100));
  }
}

async function eventsOf({ target }: Store): Promise<number[]> {
  const rows = await select<{ event: string; value: string }>(
    target,
    "SELECT event, toString(value) AS value FROM system.events WHERE event IN ('InsertQuery', 'MergeTreeDataWriterBlocks')",
  );
  return ["InsertQuery", "MergeTreeDataWriterBlocks"].map((name) =>
    Number(rows.find(({ event }) => event === name)?.value ?? 0),
  );
}

const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};
