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
import { fillLedger, mergesAtRest, spansPerTrace, timeOf } from "./scale-ledger.ts";
import { median } from "./statistics.ts";

/**
 * Every saved view, about the first so many spans of one ledger and about all of them in turn: a machine that is slower for
 * some minutes is so for both. A view that is about no time is asked whenever the ledger has grown. They have the memory of
 * the user who may only read, and not that user's limit of a minute: how long they take is what is measured.
 */
export async function benchViews(sizes: readonly number[]): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-bench-views-"));
  const ledger = await openLedger({ directory });
  try {
    // What is measured is the questions, not the jobs beside them.
    for (const job of jobs) await ledger.target.client.command({ query: `SYSTEM STOP VIEW ${job}` });
    const memory = await memoryOf(ledger.reader);
    const measured = new Map<string, Answer[]>(listViews().map(({ name }) => [name, []]));
    for (const [index, spans] of sizes.entries()) {
      await fill(ledger.target, sizes[index - 1] ?? 0, spans);
      const isWhole = index === sizes.length - 1;
      for (const view of listViews()) {
        if (isAboutTime(view) && !isWhole) continue;
        const asked = isAboutTime(view) ? sizes : [spans];
        const answers = await askInTurn(ledger.target, memory, view, asked);
        measured.get(view.name)?.push(...answers);
        console.log(
          `  ${view.name}: ${answers.map((answer, place) => `${asked[place]} spans ${said(answer)}`).join("; ")}`,
        );
      }
    }
    return [...measured].map(([name, answers]) => growth(name, sizes, answers));
  } finally {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

type Answer = Asking | Error;
type View = ReturnType<typeof listViews>[number];

const isAboutTime = ({ parameters }: View): boolean => parameters.some(({ name }) => name === "from");

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

/**
 * A view's first 100 rows about the first so many spans, for each size the middle of three askings. A round before them is
 * not counted: it may have to read from disk what the others find in memory.
 */
async function askInTurn(
  target: LedgerTarget,
  memory: number,
  view: View,
  sizes: readonly number[],
): Promise<Answer[]> {
  const [trace] = await selectRows<{ id: string }>(
    target,
    "SELECT replaceAll(toString(any(trace_id)), '-', '') AS id FROM llm_calls",
  );
  const asked = sizes.map((spans) => {
    const about = {
      ...questionOf(view.name),
      ...everything,
      ...instants(view, spans),
      max_rows: 100,
      trace_id: trace?.id,
    };
    return { ...viewQuery(target, view.name, about), askings: [] as Answer[] };
  });
  for (let round = 0; round < 4; round++) {
    for (const { query, bound, askings } of asked) {
      const limited = `${query} LIMIT 100 SETTINGS max_memory_usage = ${memory}`;
      const answer = await ask(target.client, limited, bound).catch((error: Error) => error);
      if (round > 0 || answer instanceof Error) askings.push(answer);
    }
  }
  return asked.map(({ askings }) => middleOf(askings));
}

function middleOf(answers: readonly Answer[]): Answer {
  const askings: Asking[] = [];
  for (const answer of answers) {
    if (answer instanceof Error) return answer;
    askings.push(answer);
  }
  return {
    millis: median(askings.map(({ millis }) => millis)),
    megabytes: Math.max(...askings.map(({ megabytes }) => megabytes)),
  };
}

/** Traces and conversations of a view's case are not in the bench's ledger. */
const everything = { in_trace: "", other_trace: "", in_conversation: "" };

/** Instants of a view's case lie outside the bench's months: what is neither a beginning nor an end is in the middle. */
const instants = ({ parameters }: View, spans: number): Record<string, Date> => {
  const { from, middle, to } = timeOf(spans);
  const ends: Readonly<Record<string, Date>> = { from, to, other_from: from, other_to: to };
  return Object.fromEntries(
    parameters.filter(({ type }) => type.startsWith("DateTime64")).map(({ name }) => [name, ends[name] ?? middle]),
  );
};

const said = (asking: Asking | Error): string =>
  asking instanceof Error ? asking.message : `${asking.millis.toFixed(0)} ms, ${asking.megabytes.toFixed(0)} MB`;

/** Growth beyond that of the rows is what a view may not have; below some milliseconds it is noise. */
function growth(view: string, sizes: readonly number[], answers: readonly Answer[]): BenchResult {
  const [before, asking] = [answers[0], answers.at(-1)];
  const factor = (sizes.at(-1) ?? 1) / (sizes[0] ?? 1);
  const bar = `${(factor * 1.2).toFixed(0)} × for ${factor.toFixed(0)} × the rows`;
  const name = `view ${view}`;
  if (before === undefined || asking === undefined) throw new Error(`${view} was not asked`);
  if (asking instanceof Error) return { name, measured: said(asking), bar, met: false };
  if (before instanceof Error) return { name, measured: said(before), bar, met: false };
  const millis = Math.max(before.millis, 20);
  const growth = asking.millis / millis;
  return {
    name,
    measured: `${millis.toFixed(0)} to ${asking.millis.toFixed(0)} ms, ${growth.toFixed(1)} ×; ${asking.megabytes.toFixed(0)} MB`,
    bar,
    met: growth <= factor * 1.2,
  };
}
