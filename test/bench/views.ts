import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, type LedgerTarget, listViews } from "@tokenledger/clickhouse";
import { openLedger } from "@tokenledger/local";
import { selectRows } from "../../clickhouse/src/ledger-target.ts";
import { jobs } from "../../clickhouse/src/settlement.ts";
import { viewQuery } from "../../clickhouse/src/views.ts";
import { questionOf } from "../../clickhouse/test/view-cases.ts";
import { ask, type Asking } from "./asking.ts";
import type { BenchResult } from "./result.ts";
import { fillLedger, mergesAtRest, middleOf, spansPerTrace } from "./scale-ledger.ts";
import { median } from "./statistics.ts";

/**
 * Every saved view over a ledger of growing size: its time, growth and memory. It has the memory of the user who may only
 * read, and not that user's limit of a minute: how long it takes is what is measured.
 */
export async function benchViews(sizes: readonly number[]): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-views-"));
  const ledger = await openLedger({ directory });
  try {
    // What is measured is the questions, not the jobs beside them.
    for (const job of jobs) await ledger.target.client.command({ query: `SYSTEM STOP VIEW ${job}` });
    const measured: Map<string, Asking | Error>[] = [];
    for (const [index, spans] of sizes.entries()) {
      await fill(ledger.target, sizes[index - 1] ?? 0, spans);
      measured.push(await askViews(ledger.target, await memoryOf(ledger.reader), spans));
    }
    return growth(sizes, measured);
  } finally {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(target: LedgerTarget, from: number, to: number): Promise<void> {
  const started = performance.now();
  await fillLedger(target, from / spansPerTrace, to / spansPerTrace, (traces) =>
    console.log(`  ${traces * spansPerTrace} spans`),
  );
  const filled = performance.now();
  await explain(target);
  const explained = performance.now();
  const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1000)} s`;
  console.log(`  filled in ${seconds(started, filled)}, explained in ${seconds(filled, explained)}`);
  await mergesAtRest(target);
}

/** What one question of a user may use, in bytes. */
async function memoryOf(user: LedgerTarget): Promise<number> {
  const [row] = await selectRows<{ bytes: string }>(user, "SELECT toString(getSetting('max_memory_usage')) AS bytes");
  return Number(row?.bytes);
}

/** Every view about all the time there is, its first 100 rows. */
async function askViews(target: LedgerTarget, memory: number, spans: number): Promise<Map<string, Asking | Error>> {
  const found = new Map<string, Asking | Error>();
  const [trace] = await selectRows<{ id: string }>(
    target,
    "SELECT replaceAll(toString(any(trace_id)), '-', '') AS id FROM llm_calls",
  );
  for (const { name, parameters } of listViews()) {
    const about = { ...questionOf(name), ...inTheMiddle(parameters, spans), max_rows: 100, trace_id: trace?.id };
    const { query, bound } = viewQuery(target, name, about);
    const limited = `${query} LIMIT 100 SETTINGS max_memory_usage = ${memory}`;
    const asking = await askRepeatedly(target.client, limited, bound).catch((error: Error) => error);
    found.set(name, asking);
    console.log(`  ${spans} spans: ${name} ${said(asking)}`);
  }
  return found;
}

/** The middle of three askings, or of as many as begin within half a minute: the first may have to read from disk what the others find in memory. */
async function askRepeatedly(...question: Parameters<typeof ask>): Promise<Asking> {
  const askings: Asking[] = [];
  const began = performance.now();
  do askings.push(await ask(...question));
  while (askings.length < 3 && performance.now() - began < 30_000);
  return {
    millis: median(askings.map(({ millis }) => millis)),
    megabytes: Math.max(...askings.map(({ megabytes }) => megabytes)),
  };
}

/** Instants of a view's case lie outside the bench's months. */
const inTheMiddle = (parameters: readonly { name: string; type: string }[], spans: number): Record<string, Date> =>
  Object.fromEntries(
    parameters
      .filter(({ name, type }) => type.startsWith("DateTime64") && name !== "from" && name !== "to")
      .map(({ name }) => [name, middleOf(spans)]),
  );

const said = (asking: Asking | Error): string =>
  asking instanceof Error ? asking.message : `${asking.millis.toFixed(0)} ms, ${asking.megabytes.toFixed(0)} MB`;

/** Growth beyond that of the rows is what a view may not have; below some milliseconds it is noise. */
function growth(sizes: readonly number[], measured: readonly Map<string, Asking | Error>[]): BenchResult[] {
  const [first, last] = [measured[0], measured.at(-1)];
  const factor = (sizes.at(-1) ?? 1) / (sizes[0] ?? 1);
  return [...(last ?? [])].map(([name, asking]) => {
    const before = first?.get(name);
    const bar = `${(factor * 1.2).toFixed(0)} × for ${factor.toFixed(0)} × the rows`;
    if (asking instanceof Error || before === undefined || before instanceof Error) {
      return { name: `view ${name}`, measured: said(asking), bar, met: false };
    }
    const millis = Math.max(before.millis, 20);
    const growth = asking.millis / millis;
    return {
      name: `view ${name}`,
      measured: `${millis.toFixed(0)} to ${asking.millis.toFixed(0)} ms, ${growth.toFixed(1)} ×; ${asking.megabytes.toFixed(0)} MB`,
      bar,
      met: growth <= factor * 1.2,
    };
  });
}
