import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { migrate, publishPrices } from "@tokenledger/clickhouse";
import { startCollector, startStore, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import { cpuSeconds, memoryMegabytes } from "./process-usage.ts";
import { insertRaw, rawRows, type RawFormat } from "./raw-insert.ts";
import { forkReceiver, type Intake } from "./receiver-process.ts";
import type { BenchResult } from "./result.ts";
import { interval, median } from "./statistics.ts";
import { benchSpans, type BenchSpan, otlpRequest } from "./spans.ts";

const benchToken = "bench";
const batchSize = 5_000;
const batches = 4;
const writers = 2;
/** A collector that has not delivered a round by then is stuck. */
const settleMillis = 180_000;
const distribution = resolve(import.meta.dirname, "../../collector/dist");

/** One way of rows into the facts. */
interface Way {
  readonly name: string;
  /** Process beside the store, if the way needs one. */
  readonly pid?: number;
  prepare(spans: readonly BenchSpan[]): Promise<Uint8Array<ArrayBuffer>>;
  write(prepared: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Settles when all that was written is committed; the writes themselves wait for it where absent. */
  settled?(): Promise<void>;
}

/** What a round of one way took. */
interface Cost {
  readonly rowsPerSecond: number;
  /** CPU time per 1,000 rows, in milliseconds. */
  readonly storeCpu: number;
  readonly ownCpu: number;
}

/** OTLP to facts through both intakes, against the same rows inserted without anybody between. */
export async function benchThroughput(rounds: number): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-"));
  const store = await startStore({ directory });
  const intakes: { stop(): Promise<void> }[] = [];
  try {
    await migrate(store.target);
    await publishPrices(store.target, await loadCatalogue());
    const receiver = await forkReceiver(store, benchToken);
    intakes.push(receiver);
    const ways = [raw(store, "Native"), raw(store, "JSONEachRow"), through("receiver", receiver)];
    if (existsSync(join(distribution, "tokenledger-collector"))) {
      const collector = await startCollector({
        distribution,
        store,
        token: benchToken,
        directory: join(directory, "queue"),
      });
      intakes.push(collector);
      ways.push(through("collector", collector, () => sentSpans(collector.metricsUrl)));
    } else console.log("  the collector is left out: npm run collector:build makes it");
    return summarise(await measure(store, ways, rounds), ways, store);
  } finally {
    for (const intake of intakes) await intake.stop();
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const raw = (store: Store, format: RawFormat): Way => ({
  name: format,
  prepare: (spans) => rawRows(store, format, spans),
  write: (bytes) => insertRaw(store, format, bytes),
});

/** A way through an intake; `sent` counts what is committed where answers come before that. */
const through = (name: string, { url, pid }: Pick<Intake, "url" | "pid">, sent?: () => Promise<number>): Way => {
  let written = 0;
  return {
    name,
    pid,
    prepare: async (spans) => Uint8Array.from(otlpRequest(spans)),
    async write(body) {
      const headers = { "content-type": "application/x-protobuf", authorization: `Bearer ${benchToken}` };
      const answer = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      written += batchSize;
    },
    ...(sent && {
      settled: async () => {
        const deadline = performance.now() + settleMillis;
        while ((await sent()) < written) {
          if (performance.now() > deadline) throw new Error(`${name} still holds spans after ${settleMillis} ms`);
          await new Promise((settle) => setTimeout(settle, 20));
        }
      },
    }),
  };
};

const sentSpans = async (metricsUrl: string): Promise<number> => {
  const metrics = await (await fetch(metricsUrl)).text();
  return Number(/^otelcol_exporter_sent_spans\{[^}]*exporter="clickhouse"[^}]*\} (\S+)$/m.exec(metrics)?.[1] ?? 0);
};

/** Every round runs each way once, in turn, over rows that no other round has; the first round warms up. */
async function measure(store: Store, ways: readonly Way[], rounds: number): Promise<Map<string, Cost>[]> {
  const measured: Map<string, Cost>[] = [];
  let seed = 0;
  for (let round = -1; round < rounds; round += 1) {
    const costs = new Map<string, Cost>();
    for (let turn = 0; turn < ways.length; turn += 1) {
      const way = ways[(turn + round + ways.length) % ways.length];
      if (way === undefined) continue;
      const prepared = [];
      for (let batch = 0; batch < batches; batch += 1)
        prepared.push(await way.prepare(benchSpans((seed += 1), batchSize)));
      const cost = await costOf(store, way, prepared);
      costs.set(way.name, cost);
      console.error(`  round ${round + 1} of ${rounds}: ${way.name} ${Math.round(cost.rowsPerSecond)} rows/s`);
    }
    if (round >= 0) measured.push(costs);
  }
  return measured;
}

/** Writes what is prepared, over `writers` writers at once. */
async function costOf(store: Store, way: Way, prepared: Uint8Array<ArrayBuffer>[]): Promise<Cost> {
  const used = (): [number, number] => [cpuSeconds(store.pid), way.pid === undefined ? 0 : cpuSeconds(way.pid)];
  const rows = batches * batchSize;
  const before = used();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let batch = prepared.pop(); batch !== undefined; batch = prepared.pop()) await way.write(batch);
    }),
  );
  await way.settled?.();
  const seconds = (performance.now() - started) / 1_000;
  const [storeCpu, ownCpu] = used().map((after, index) => ((after - (before[index] ?? 0)) * 1e6) / rows);
  return { rowsPerSecond: rows / seconds, storeCpu: storeCpu ?? 0, ownCpu: ownCpu ?? 0 };
}

const bars: Readonly<Record<string, { against: RawFormat; bar: number }>> = {
  receiver: { against: "JSONEachRow", bar: 0.4 },
  collector: { against: "Native", bar: 0.6 },
};

function summarise(measured: readonly Map<string, Cost>[], ways: readonly Way[], store: Store): BenchResult[] {
  const middle = (name: string, of: keyof Cost, all: readonly Map<string, Cost>[] = measured): number =>
    median(all.map((round) => round.get(name)?.[of] ?? 0));
  const results: BenchResult[] = [];
  for (const { name, pid } of ways) {
    const rate = `${Math.round(middle(name, "rowsPerSecond"))} rows/s`;
    const cpu = `CPU per 1,000 rows: store ${middle(name, "storeCpu").toFixed(0)} ms`;
    if (pid === undefined) {
      results.push({ name: `raw ${name} → facts`, measured: `${rate}, ${cpu}`, bar: "none" });
      continue;
    }
    const { against, bar } = bars[name] ?? { against: "Native", bar: 0 };
    const ratio = interval(
      measured,
      (all) => middle(name, "rowsPerSecond", all) / middle(against, "rowsPerSecond", all),
    );
    const own = `${name} ${middle(name, "ownCpu").toFixed(0)} ms; its memory at most ${memoryMegabytes(pid).peak.toFixed(0)} MB`;
    results.push({
      name: `OTLP → facts through the ${name}`,
      measured: `${ratio.value.toFixed(2)} × raw ${against} [${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)}], ${rate}, ${cpu}, ${own}`,
      bar: `lower bound ≥ ${bar}`,
      met: ratio.low >= bar,
    });
  }
  const { peak } = memoryMegabytes(store.pid);
  return [...results, { name: "memory of the store", measured: `at most ${peak.toFixed(0)} MB`, bar: "none" }];
}
