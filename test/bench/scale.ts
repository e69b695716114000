import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, type LedgerTarget, listViews, migrate, publishPrices } from "@tokenledger/clickhouse";
import { startStore, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import { jobs } from "../../clickhouse/src/settlement.ts";
import { viewQuery } from "../../clickhouse/src/views.ts";
import { questionOf } from "../../clickhouse/test/view-cases.ts";
import type { BenchResult } from "./result.ts";
import { fillLedger, spansPerTrace } from "./scale-ledger.ts";
import { median } from "./statistics.ts";

/** What one asking of a query took. */
interface Asking {
  readonly millis: number;
  readonly megabytes: number;
}

/** A question, how it is asked of the facts and, where it can be, of the attributes as they landed. */
interface Question {
  readonly name: string;
  readonly facts: string;
  readonly landing: string;
}

/** Prices of the bench's models, in USD per token: what a query over attributes has to bring along. */
const prices: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "gen_ai.usage.input_tokens": {
    "gpt-5.4": 2.5e-6,
    "claude-opus-4-6": 5e-6,
    "gpt-5.4-mini": 0.75e-6,
    "claude-haiku-4-5": 1e-6,
  },
  "gen_ai.usage.cache_read.input_tokens": {
    "gpt-5.4": -2.25e-6,
    "claude-opus-4-6": -4.5e-6,
    "gpt-5.4-mini": -0.675e-6,
    "claude-haiku-4-5": -0.9e-6,
  },
  "gen_ai.usage.output_tokens": {
    "gpt-5.4": 15e-6,
    "claude-opus-4-6": 25e-6,
    "gpt-5.4-mini": 4.5e-6,
    "claude-haiku-4-5": 5e-6,
  },
};
const priced = Object.entries(prices)
  .map(([name, models]) => {
    const each = Object.entries(models).map(([model, price]) => `'${model}', ${price}`);
    return `toUInt64OrZero(SpanAttributes['${name}']) * map(${each.join(", ")})[SpanAttributes['gen_ai.response.model']]`;
  })
  .join(" + ");

const questions: readonly Question[] = [
  {
    name: "cost per trace, the dearest 100",
    facts: `SELECT calls.trace_id, sum(calls.known_cost_usd) AS cost FROM DATABASE.llm_calls AS calls FINAL
      WHERE calls.billed_by = 0 GROUP BY calls.trace_id ORDER BY cost DESC LIMIT 100`,
    landing: `SELECT TraceId, sum(${priced}) AS cost FROM DATABASE.otel_traces
      WHERE SpanAttributes['gen_ai.operation.name'] = 'chat' GROUP BY TraceId ORDER BY cost DESC LIMIT 100`,
  },
  {
    name: "self cost by agent",
    facts: `SELECT calls.agent_name, sum(calls.known_cost_usd) AS cost FROM DATABASE.llm_calls AS calls FINAL
      WHERE calls.billed_by = 0 GROUP BY calls.agent_name ORDER BY cost DESC`,
    landing: `SELECT SpanAttributes['gen_ai.agent.name'] AS agent, sum(${priced}) AS cost FROM DATABASE.otel_traces
      WHERE SpanAttributes['gen_ai.operation.name'] = 'chat' GROUP BY agent ORDER BY cost DESC`,
  },
];

/**
 * Every question over ledgers of growing size: the facts against the attributes as they landed, every saved view's
 * growth and memory, and the bytes of every table.
 *
 * @param sizes spans, growing: the ledger is filled up to each in turn
 */
export async function benchScale(sizes: readonly number[], rounds: number): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-scale-"));
  const store = await startStore({ directory });
  try {
    await migrate(store.target);
    await publishPrices(store.target, await loadCatalogue());
    // What is measured is the questions, not the jobs beside them.
    for (const job of jobs) await store.client.command({ query: `SYSTEM STOP VIEW ${store.database}.${job}` });
    const measured: Map<string, Asking>[] = [];
    const results: BenchResult[] = [];
    for (const [index, spans] of sizes.entries()) {
      await fill(store.target, sizes[index - 1] ?? 0, spans);
      measured.push(await askViews(store, spans));
      if (index === sizes.length - 1)
        results.push(...(await compareWithLanding(store, rounds)), ...(await disk(store)));
    }
    return [...results, ...growth(sizes, measured)];
  } finally {
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function fill(target: LedgerTarget, from: number, to: number): Promise<void> {
  const started = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - started) / 1000)} s`;
  await fillLedger(target, from / spansPerTrace, to / spansPerTrace, (traces) => {
    if ((traces * spansPerTrace) % (to / 5) < 200_000) console.log(`  ${traces * spansPerTrace} spans, ${seconds()}`);
  });
  const filled = performance.now();
  await explain(target);
  console.log(`  explained in ${Math.round((performance.now() - filled) / 1000)} s`);
}

/** Every view once to warm up and once to measure, about all the time there is, its first 100 rows. */
async function askViews(store: Store, spans: number): Promise<Map<string, Asking>> {
  const found = new Map<string, Asking>();
  const [trace] = await rowsOf<{ id: string }>(
    store,
    `SELECT replaceAll(toString(any(trace_id)), '-', '') AS id FROM ${store.database}.llm_calls`,
  );
  for (const { name, parameters } of listViews()) {
    const about = { ...questionOf(name), ...inTheBench(parameters), max_rows: 100, trace_id: trace?.id };
    const { query, bound } = viewQuery(store.target, name, about);
    const asking = await ask(store, `${query} LIMIT 100`, bound);
    found.set(name, asking);
    console.log(`  ${spans} spans: ${name} ${asking.millis.toFixed(0)} ms, ${asking.megabytes.toFixed(0)} MB`);
  }
  return found;
}

/** Instants of a view's case lie outside the bench's month. */
const inTheBench = (parameters: readonly { name: string; type: string }[]): Record<string, string> =>
  Object.fromEntries(
    parameters
      .filter(({ name, type }) => type.startsWith("DateTime64") && name !== "from" && name !== "to")
      .map(({ name }) => [name, "2026-10-16T00:00:00Z"]),
  );

async function compareWithLanding(store: Store, rounds: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const question of questions) {
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const facts = await ask(store, question.facts.replaceAll("DATABASE", store.database));
      const landing = await ask(store, question.landing.replaceAll("DATABASE", store.database));
      pairs.push({ facts: facts.millis, landing: landing.millis });
    }
    const ratio = median(pairs.map(({ facts, landing }) => landing / facts));
    results.push({
      name: question.name,
      measured: `${ratio.toFixed(1)} × faster than over attributes (${middle(pairs, "facts")} against ${middle(pairs, "landing")} ms)`,
      bar: "8 ×",
      met: ratio >= 8,
    });
  }
  const { query, bound } = viewQuery(store.target, "agent_cost", {});
  const inclusive = [];
  for (let round = 0; round < rounds; round++) inclusive.push((await ask(store, query, bound)).millis);
  const millis = median(inclusive);
  results.push({
    name: "inclusive cost by agent",
    measured: `${millis.toFixed(0)} ms`,
    bar: "1000 ms",
    met: millis <= 1000,
  });
  return results;
}

const middle = (pairs: readonly { facts: number; landing: number }[], side: "facts" | "landing"): string =>
  median(pairs.map((pair) => pair[side])).toFixed(0);

async function disk(store: Store): Promise<BenchResult[]> {
  const rows = await rowsOf<{ table: string; each: number; rows: string }>(
    store,
    `SELECT table, sum(bytes_on_disk) / sum(rows) AS each, toString(sum(rows)) AS rows FROM system.parts
     WHERE active AND database = '${store.database}' AND rows > 1000 GROUP BY table ORDER BY sum(bytes_on_disk) DESC`,
  );
  return rows.map(({ table, each, rows: count }) => ({
    name: `${table} on disk`,
    measured: `${each.toFixed(1)} B a row, ${count} rows`,
    bar: table === "call_prompts" ? "100 B" : "-",
    ...(table === "call_prompts" && { met: each <= 100 }),
  }));
}

/** Growth beyond that of the rows is what a view may not have; below some milliseconds it is noise. */
function growth(sizes: readonly number[], measured: readonly Map<string, Asking>[]): BenchResult[] {
  const [first, last] = [measured[0], measured.at(-1)];
  const factor = (sizes.at(-1) ?? 1) / (sizes[0] ?? 1);
  return [...(last ?? [])].map(([name, { millis, megabytes }]) => {
    const before = Math.max(first?.get(name)?.millis ?? 0, 20);
    return {
      name: `view ${name}`,
      measured: `${before.toFixed(0)} to ${millis.toFixed(0)} ms, ${(millis / before).toFixed(1)} ×; ${megabytes.toFixed(0)} MB`,
      bar: `${(factor * 1.2).toFixed(0)} × for ${factor.toFixed(0)} × the rows`,
      met: millis / before <= factor * 1.2,
    };
  });
}

async function ask(store: Store, query: string, bound: Readonly<Record<string, unknown>> = {}): Promise<Asking> {
  const started = performance.now();
  const answer = await store.client.query({
    query,
    query_params: bound,
    format: "JSONCompactEachRow",
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await answer.text();
  const millis = performance.now() - started;
  const summary = JSON.parse(String(answer.response_headers["x-clickhouse-summary"] ?? "{}")) as Record<string, string>;
  return { millis, megabytes: Number(summary["memory_usage"] ?? Number.NaN) / 2 ** 20 };
}

async function rowsOf<Row>(store: Store, query: string): Promise<Row[]> {
  return (await store.client.query({ query, format: "JSONEachRow" })).json<Row>();
}
