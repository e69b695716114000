import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { migrate } from "@tokenledger/clickhouse";
import { startCollector, startStore } from "@tokenledger/local";
import { memoryMegabytes } from "./process-usage.ts";
import { forkReceiver } from "./receiver-process.ts";
import type { BenchResult } from "./result.ts";
import { type Interval, interval, median } from "./statistics.ts";
import { benchSpans, otlpRequest } from "./spans.ts";

const token = "bench";
/** Gentle: what is looked for is memory that is never given back, which a burst would only hide. */
const spansPerSecond = 100;
const requestSpans = 200;
const sampleMillis = 1_000;
/** Caches fill and heaps find their size first; the slope is that of what follows. */
const settlingShare = 0.4;
const distribution = resolve(import.meta.dirname, "../../collector/dist");

interface Sample {
  readonly minute: number;
  readonly megabytes: number;
}

/** A process whose memory is watched. */
interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly samples: Sample[];
  /** MB that it may grow by in an hour; absent where its caches decide. */
  readonly bar?: number;
}

/** Sends spans at an even rate through both intakes for so many minutes, and tells how their memory went. */
export async function benchSoak(minutes: number): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-soak-"));
  const store = await startStore({ directory });
  const stops: (() => Promise<void>)[] = [];
  try {
    await migrate(store.target);
    const watched: Watched[] = [{ name: "store", pid: store.pid, samples: [] }];
    const urls: string[] = [];
    const watch = (name: string, intake: { url: string; pid: number; stop(): Promise<void> }): void => {
      watched.push({ name, pid: intake.pid, samples: [], bar: 20 });
      urls.push(intake.url);
      stops.push(() => intake.stop());
    };
    watch("receiver", await forkReceiver(store, token));
    if (existsSync(join(distribution, "tokenledger-collector"))) {
      watch("collector", await startCollector({ distribution, store, token, directory: join(directory, "queue") }));
    }
    const sent = await load(urls, watched, minutes);
    return watched.map((each) => describe(each, sent));
  } finally {
    for (const stop of stops) await stop();
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Sends and samples until the time is up, and returns how many spans were taken. */
async function load(urls: readonly string[], watched: readonly Watched[], minutes: number): Promise<number> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 60_000;
  let taken = 0;
  let seed = 0;
  const send = async (url: string): Promise<void> => {
    while (elapsed() < minutes) {
      const body = Uint8Array.from(otlpRequest(benchSpans((seed += 1), requestSpans)));
      const headers = { "content-type": "application/x-protobuf", authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
      await answer.arrayBuffer();
      if (answer.ok) taken += requestSpans;
      await setTimeout((requestSpans * 1_000) / spansPerSecond);
    }
  };
  const sample = async (): Promise<void> => {
    for (let shown = 0; elapsed() < minutes; await setTimeout(sampleMillis)) {
      for (const { pid, samples } of watched) samples.push({ minute: elapsed(), megabytes: memoryMegabytes(pid).now });
      if (Math.floor(elapsed()) <= shown) continue;
      shown = Math.floor(elapsed());
      const now = watched.map(({ name, samples }) => `${name} ${samples.at(-1)?.megabytes.toFixed(0)} MB`);
      console.error(`  minute ${shown} of ${minutes}: ${taken} spans taken, ${now.join(", ")}`);
    }
  };
  await Promise.all([...urls.map(send), sample()]);
  return taken;
}

function describe({ name, pid, samples, bar }: Watched, sent: number): BenchResult {
  const slope = growth(samples.slice(Math.floor(settlingShare * samples.length)));
  const hourly = { value: 60 * slope.value, low: 60 * slope.low, high: 60 * slope.high };
  const middle = median(samples.slice(samples.length >> 1).map(({ megabytes }) => megabytes));
  return {
    name: `memory of the ${name} while ${sent} spans went through both ways`,
    measured:
      `${middle.toFixed(0)} MB, at most ${memoryMegabytes(pid).peak.toFixed(0)} MB; ` +
      `growth ${hourly.value.toFixed(1)} MB/h [${hourly.low.toFixed(1)} … ${hourly.high.toFixed(1)}]`,
    bar: bar === undefined ? "none" : `lower bound ≤ ${bar} MB/h`,
    ...(bar !== undefined && { met: hourly.low <= bar }),
  };
}

/** MB a minute: the median slope between parts of the run, whose own medians leave out what comes and goes. */
function growth(samples: readonly Sample[]): Interval {
  const parts = 20;
  const size = Math.ceil(samples.length / parts);
  const points = Array.from({ length: parts }, (_, index) => samples.slice(index * size, (index + 1) * size))
    .filter((part) => part.length > 0)
    .map((part) => ({
      minute: median(part.map(({ minute }) => minute)),
      megabytes: median(part.map(({ megabytes }) => megabytes)),
    }));
  const slopes = (all: readonly Sample[]): number[] =>
    all.flatMap((from, index) =>
      all
        .slice(index + 1)
        .filter(({ minute }) => minute !== from.minute)
        .map((to) => (to.megabytes - from.megabytes) / (to.minute - from.minute)),
    );
  return interval(points, (drawn) => median(slopes(drawn)));
}
