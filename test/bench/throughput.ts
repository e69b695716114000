import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { landSpans, migrate, publishPrices } from "@tokenledger/clickhouse";
import { startReceiver, startStore, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import type { BenchResult } from "./result.ts";
import { interval, median } from "./statistics.ts";
import { benchSpans, landingRows, otlpRequest } from "./spans.ts";

const batchSize = 5_000;
const batches = 8;
const writers = 2;
const rounds = 7;

interface Round {
  /** Rows per second. */
  raw: number;
  receiver: number;
}

/** OTLP to facts through the local receiver, against the same rows inserted as JSONEachRow. */
export async function benchThroughput(): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-"));
  const store = await startStore({ directory });
  try {
    await migrate(store.target);
    await publishPrices(store.target, await loadCatalogue());
    const measured = await measure(store);
    const ratio = interval(
      measured,
      (all) => median(all.map((round) => round.receiver)) / median(all.map((round) => round.raw)),
    );
    return [
      {
        name: "OTLP → facts through the local receiver",
        measured:
          `${ratio.value.toFixed(2)} × raw [${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)}]` +
          `  receiver ${Math.round(median(measured.map((round) => round.receiver)))} rows/s, raw JSONEachRow ${Math.round(median(measured.map((round) => round.raw)))} rows/s`,
        bar: "lower bound ≥ 0.4",
        met: ratio.low >= 0.4,
      },
    ];
  } finally {
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(store: Store): Promise<Round[]> {
  const receiver = await startReceiver({ target: store.target, port: 0, token: "bench" });
  const post = async (body: Uint8Array<ArrayBuffer>): Promise<void> => {
    const response = await fetch(`${receiver.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf", authorization: "Bearer bench" },
      body,
    });
    if (!response.ok) throw new Error(`receiver answered ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  };
  const measured: Round[] = [];
  let seed = 0;
  for (let round = -1; round < rounds; round += 1) {
    const raw = await rate(batchesOf((seed += batches)).map(landingRows), (rows) => landSpans(store.target, rows));
    const requests = batchesOf((seed += batches)).map((spans) => Uint8Array.from(otlpRequest(spans)));
    const received = await rate(requests, post);
    if (round >= 0) measured.push({ raw, receiver: received });
  }
  await receiver.stop();
  return measured;
}

const batchesOf = (seed: number): ReturnType<typeof benchSpans>[] =>
  Array.from({ length: batches }, (_, index) => benchSpans(seed + index, batchSize));

/** Rows per second of writing what is prepared, over `writers` writers at once. */
async function rate<Batch>(prepared: Batch[], write: (batch: Batch) => Promise<void>): Promise<number> {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let batch = prepared.pop(); batch !== undefined; batch = prepared.pop()) await write(batch);
    }),
  );
  return (batches * batchSize) / ((performance.now() - started) / 1000);
}
