import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { interval, median } from "../statistics.ts";
import type { BenchResult } from "../result.ts";
import { scenarios } from "./scenarios.ts";

const contestants = ["bare", "floor", "tokenledger"] as const;
type Contestant = (typeof contestants)[number];
type Round = Record<Contestant, number>;
interface Measure {
  cpuMicroseconds: number;
  keptBytes: number;
}

/** Rounds until the compilers have settled. */
const warmUp = 6;
/** Calls of the measurement of kept heap; warm-up and measured. */
const heapCalls = 100_000;

/**
 * What our hooks cost a call, against a hand-written wrapper that sets the same attributes. The three
 * processes take turns within every round, so that the machine's mood hits all of them.
 */
export async function benchOverhead(rounds: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [name, scenario] of Object.entries(scenarios)) {
    const bar = name.startsWith("100 KB") ? 2 : 1.5;
    const per = scenario.chunks ?? 1;
    const measured = await measure(name, scenario.calls, rounds);
    const floor = median(measured.map((round) => round.floor - round.bare)) / per;
    const ours = median(measured.map((round) => round.tokenledger - round.bare)) / per;
    const ratio = interval(measured, ratioOfOverheads);
    results.push({
      name,
      measured:
        `${ratio.value.toFixed(2)} × floor's [${ratio.low.toFixed(2)} … ${ratio.high.toFixed(2)}]` +
        `  floor +${floor.toFixed(2)} µs, ours +${ours.toFixed(2)} µs on ${(median(measured.map((round) => round.bare)) / per).toFixed(1)} µs`,
      bar: `upper bound ≤ ${bar}`,
      met: ratio.high <= bar,
    });
  }
  results.push(await benchHeap());
  return results;
}

const ratioOfOverheads = (rounds: readonly Round[]): number =>
  median(rounds.map((round) => round.tokenledger - round.bare)) /
  median(rounds.map((round) => round.floor - round.bare));

async function measure(scenario: string, calls: number, rounds: number): Promise<Round[]> {
  const children = new Map(
    await Promise.all(contestants.map(async (name) => [name, await start(name, scenario)] as const)),
  );
  const measured: Round[] = [];
  // The first rounds warm the compilers up and are not counted.
  for (let round = -warmUp; round < rounds; round += 1) {
    const order = contestants.toSorted((a, b) => (round % 2 === 0 ? a.localeCompare(b) : b.localeCompare(a)));
    const result: Partial<Round> = {};
    for (const name of order) result[name] = (await ask(children.get(name), calls)).cpuMicroseconds;
    if (round >= 0) measured.push(result as Round);
  }
  for (const child of children.values()) child.disconnect();
  return measured;
}

async function benchHeap(): Promise<BenchResult> {
  const child = await start("tokenledger", "OpenAI call");
  await ask(child, 5_000);
  const { keptBytes } = await ask(child, heapCalls, true);
  child.disconnect();
  return {
    name: `heap kept per call, ${heapCalls / 1000} k calls`,
    measured: `${keptBytes.toFixed(1)} B`,
    bar: "≤ 50 B",
    met: keptBytes <= 50,
  };
}

async function start(contestant: Contestant, scenario: string): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("contestant.ts", import.meta.url)), [contestant, scenario], {
    execArgv: ["--expose-gc", ...(contestant === "tokenledger" ? ["--import", "tokenledger/instrument"] : [])],
    env: { ...process.env, TOKENLEDGER_ESTIMATE: "off" },
  });
  await once(child, "message");
  return child;
}

async function ask(child: ChildProcess | undefined, calls: number, heap = false): Promise<Measure> {
  if (!child) throw new Error("contestant did not start");
  child.send({ calls, heap });
  const [measure] = (await once(child, "message")) as [Measure];
  return measure;
}
