import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, publishPrices } from "@tokenledger/clickhouse";
import { startStore, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import { jobs } from "../../clickhouse/src/settlement.ts";
import { viewQuery } from "../../clickhouse/src/views.ts";
import { doByItself } from "../../clickhouse/test/own-accord.ts";
import { ask } from "./asking.ts";
import type { BenchResult } from "./result.ts";
import { fillLedger, mergesAtRest, spansPerTrace } from "./scale-ledger.ts";
import { median } from "./statistics.ts";

/** For all that the views of waste read of one call. */
const wasteBarBytes = 100;

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

/** The same questions of the facts and of the attributes as they landed, and the bytes of every table. */
export async function benchScale(spans: number, rounds: number): Promise<BenchResult[]> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-scale-"));
  const store = await startStore({ directory });
  try {
    await migrate(store.target);
    await publishPrices(store.target, await loadCatalogue());
    // What is measured is the questions, not the jobs beside them.
    for (const job of jobs) await store.client.command({ query: `SYSTEM STOP VIEW ${store.database}.${job}` });
    await fillLedger(store.target, 0, spans / spansPerTrace, (traces) => {
      if ((traces * spansPerTrace) % (spans / 5) < 200_000) console.log(`  ${traces * spansPerTrace} spans`);
    });
    await mergesAtRest(store.target);
    return [
      ...(await compareWithLanding(store, rounds, "just written")),
      await inclusiveCost(store, rounds, "just written"),
      ...(await settleWeeks(store)),
      ...(await compareWithLanding(store, rounds, "one part a week")),
      await inclusiveCost(store, rounds, "one part a week"),
      ...(await rollUp(store, rounds)),
      ...(await disk(store)),
    ];
  } finally {
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compareWithLanding(store: Store, rounds: number, state: string): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const question of questions) {
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const facts = await ask(store.client, question.facts.replaceAll("DATABASE", store.database));
      const landing = await ask(store.client, question.landing.replaceAll("DATABASE", store.database));
      pairs.push({ facts: facts.millis, landing: landing.millis });
    }
    const ratio = median(pairs.map(({ facts, landing }) => landing / facts));
    results.push({
      name: `${question.name}, ${state}`,
      measured: `${ratio.toFixed(1)} × faster than over attributes (${middle(pairs, "facts")} against ${middle(pairs, "landing")} ms)`,
      bar: "8 ×",
      met: ratio >= 8,
    });
  }
  return results;
}

async function inclusiveCost(store: Store, rounds: number, state: string): Promise<BenchResult> {
  const { query, bound } = viewQuery(store.target, "agent_cost", {});
  return within(1000, `inclusive cost by agent, ${state}`, await medianOf(store, rounds, query, bound));
}

/** Sums that are kept ready: how long the server takes to bring them up to date, and then to answer from them. */
async function rollUp(store: Store, rounds: number): Promise<BenchResult[]> {
  const updates = [];
  // Of nothing, of what was not seen twice, and of nothing that changed.
  for (const state of ["all days", "all days once more", "no day"]) {
    const started = performance.now();
    await doByItself(store.target, "roll_up_agents");
    const measured = `${(performance.now() - started).toFixed(0)} ms`;
    updates.push({ name: `bringing the roll-up up to date, ${state}`, measured, bar: "-" });
  }
  const ofRows = `SELECT agent, sumIf(days.known_cost_usd, agent = days.agent_name), sum(days.known_cost_usd)
    FROM ${store.database}.agent_days AS days FINAL
    ARRAY JOIN if(empty(days.agent_path), [days.agent_name], arrayDistinct(days.agent_path)) AS agent
    GROUP BY agent`;
  const { query, bound } = viewQuery(store.target, "agent_cost_by_day", {});
  const ofView = `SELECT agent_name, sum(self_known_cost_usd), sum(inclusive_known_cost_usd) FROM (${query}) GROUP BY agent_name`;
  return [
    ...updates,
    within(20, "inclusive cost by agent, of the roll-up's rows", await medianOf(store, rounds, ofRows)),
    {
      name: "inclusive cost by agent, of agent_cost_by_day",
      measured: `${(await medianOf(store, rounds, ofView, bound)).toFixed(1)} ms`,
      bar: "-",
    },
  ];
}

async function medianOf(
  store: Store,
  rounds: number,
  query: string,
  bound: Record<string, unknown> = {},
): Promise<number> {
  const asked = [];
  for (let round = 0; round < rounds; round++) asked.push((await ask(store.client, query, bound)).millis);
  return median(asked);
}

const within = (bar: number, name: string, millis: number): BenchResult => ({
  name,
  measured: `${millis.toFixed(millis < 100 ? 1 : 0)} ms`,
  bar: `${bar} ms`,
  met: millis <= bar,
});

/** What the server does by itself to a week that nothing was written into for an hour. */
async function settleWeeks(store: Store): Promise<BenchResult[]> {
  const tables = await rowsOf<{ name: string }>(
    store,
    `SELECT name FROM system.tables WHERE database = '${store.database}' AND engine_full LIKE '%min_age_to_force_merge_seconds%' ORDER BY name`,
  );
  const started = performance.now();
  for (const { name } of tables)
    await store.client.command({
      query: `OPTIMIZE TABLE ${store.database}.${name} FINAL SETTINGS optimize_skip_merged_partitions = 1`,
    });
  const seconds = (performance.now() - started) / 1000;
  return [
    { name: "weeks merged into one part each", measured: `${seconds.toFixed(0)} s, ${tables.length} tables`, bar: "-" },
  ];
}

const middle = (pairs: readonly { facts: number; landing: number }[], side: "facts" | "landing"): string =>
  median(pairs.map((pair) => pair[side])).toFixed(0);

async function disk(store: Store): Promise<BenchResult[]> {
  const rows = await rowsOf<{ table: string; each: number; row_count: string }>(
    store,
    `SELECT parts.table AS table, sum(parts.bytes_on_disk) / sum(parts.rows) AS each, toString(sum(parts.rows)) AS row_count FROM system.parts AS parts
     WHERE parts.active AND parts.database = '${store.database}' AND parts.rows > 1000 GROUP BY parts.table ORDER BY sum(parts.bytes_on_disk) DESC`,
  );
  const [waste] = await rowsOf<{ each: number }>(
    store,
    // Small parts do not tell their columns apart: then the key is counted, too.
    `SELECT (sum(parts.data_compressed_bytes) - any(key.bytes)) / sum(parts.rows) AS each
     FROM system.parts AS parts
     CROSS JOIN (
       SELECT sum(columns.data_compressed_bytes) AS bytes
       FROM system.columns AS columns
       WHERE columns.database = '${store.database}' AND columns.table = 'call_prompts' AND columns.is_in_sorting_key
     ) AS key
     WHERE parts.active AND parts.database = '${store.database}' AND parts.table = 'call_prompts'`,
  );
  const wasteBytes = waste?.each ?? Number.NaN;
  const landingBytes = rows.find(({ table }) => table === "otel_traces")?.each ?? Number.NaN;
  return [
    ...rows.map(({ table, each, row_count: count }) => ({
      name: `${table} on disk`,
      measured: `${each.toFixed(1)} B a row, ${count} rows`,
      ...(table === "llm_calls" ? { bar: "what a span takes in landing", met: each <= landingBytes } : { bar: "-" }),
    })),
    {
      name: "what a call says of its prompt, without the row's key",
      measured: `${wasteBytes.toFixed(1)} B a call`,
      bar: `${wasteBarBytes} B`,
      met: wasteBytes <= wasteBarBytes,
    },
  ];
}

async function rowsOf<Row>(store: Store, query: string): Promise<Row[]> {
  return (await store.client.query({ query, format: "JSONEachRow" })).json<Row>();
}
