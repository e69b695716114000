import { answerParts, type Content, type ContentMessage, promptAttributes, promptParts } from "@tokenledger/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { explain, type LandingRow, landSpans, queryView, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { randomSpans } from "./random-ledger.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

vi.setConfig({ testTimeout: 300_000 });

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

/** A failure can be repeated: SEED=… npx vitest run clickhouse/test/savings.test.ts */
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
console.log(`savings: SEED=${seed}`);

const words = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${topic}${index}`).join(" ");
const said = (role: string, content: string): ContentMessage => ({ role, parts: [{ type: "text", content }] });

async function landed(spans: readonly LandingRow[]): Promise<void> {
  await ledger.clear();
  await landSpans(ledger.target, spans);
  await settle(ledger.target);
  await explain(ledger.target);
}

interface Loop {
  readonly trace: number;
  readonly agent: string;
  readonly calls: number;
  /** Seconds from one call to the next. */
  readonly pace: number;
  readonly isCached: boolean;
}

/** The calls of an agent that has two tools, asks for one, and carries all results along. */
function loopOf({ trace, agent, calls, pace, isCached }: Loop): LandingRow[] {
  const toolDefinitions = ["search", "draw"].map((name) => ({ name, description: words(name, 200) }));
  const messages: ContentMessage[] = [said("user", words(`${agent}task`, 700))];
  return Array.from({ length: calls }, (_, turn) => {
    const total = 6_000 + 2_000 * turn;
    const prompt: Content = { toolDefinitions, inputMessages: [...messages] };
    const call = { type: "tool_call", id: "a", name: "search", arguments: words(`${agent}${turn}`, 20) };
    const answer: Content = { outputMessages: [{ role: "assistant", parts: [call] }] };
    messages.push({ role: "assistant", parts: [call] }, said("tool", words(`${agent}result${turn}`, 500)));
    const cache = {
      "cache_read.input_tokens": turn === 0 ? 0 : total - 2_000,
      "cache_write.5m.input_tokens": turn === 0 ? total : 2_000,
    };
    const record = promptAttributes(promptParts(prompt), answerParts(answer));
    const labels = {
      ...Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)])),
      "gen_ai.agent.name": agent,
      "tokenledger.agent.path": JSON.stringify([agent]),
      "tokenledger.agent.run_id": agent,
    };
    const usage = { input_tokens: total, output_tokens: 100, ...(isCached && cache) };
    return span({ trace, span: trace * 1_000 + turn }, opusCall(usage, labels), {
      Timestamp: `${1_780_000_000 + turn * pace}.000000000`,
    });
  });
}

/** Sum of decimals, exactly, in units of 10^-15. */
const sum = (amounts: readonly unknown[]): bigint =>
  amounts.reduce<bigint>((total, amount) => {
    const [whole = "0", fraction = ""] = String(amount).replace("-", "").split(".");
    const units = BigInt(whole + fraction.padEnd(15, "0"));
    return String(amount).startsWith("-") ? total - units : total + units;
  }, 0n);

test.each([seed, seed + 1])("savings never exceed the cost, and each is proven by its query: %i", async (once) => {
  const twin = { agent: "twin", calls: 1, pace: 1, isCached: false };
  await landed([
    ...randomSpans(once, 120, 12),
    ...loopOf({ ...twin, trace: 104 }),
    ...loopOf({ ...twin, trace: 105 }).map((row) => ({ ...row, Timestamp: "1780000060.000000000" })),
    ...loopOf({ trace: 101, agent: "steady", calls: 60, pace: 60, isCached: false }),
    ...loopOf({ trace: 102, agent: "slow", calls: 7, pace: 900, isCached: true }),
    ...loopOf({ trace: 103, agent: "it's \\ odd", calls: 3, pace: 1, isCached: true }),
  ]);
  const history = { turns: 2, summary_tokens: 0 };
  const [total] = await queryView(ledger.target, "selection_total");
  const savings = await queryView(ledger.target, "savings", history);
  const measures = new Set(savings.map(({ measure }) => String(measure)));
  for (const measure of ["dedupe", "cache 5m", "tools", "history"]) expect(measures).toContain(measure);
  const saved = sum(savings.map(({ saved_usd }) => saved_usd));
  expect(saved).toBeLessThanOrEqual(sum([total?.["known_cost_usd"]]));
  expect(saved).toBe(sum([savings[0]?.["together_usd"]]));
  const perAgent = Map.groupBy(savings, ({ model, agent_name }) => JSON.stringify([model, agent_name]));
  for (const [first, ...more] of perAgent.values()) {
    expect(sum([first, ...more].map((row) => row?.["saved_usd"]))).toBeLessThanOrEqual(
      sum([first?.["known_cost_usd"]]),
    );
  }
  for (const { query, alone_usd } of savings) {
    const inLedger = String(query).replace("FROM what_if", `FROM ${ledger.target.database}.what_if`);
    const proof = await selectRows<{ saved_usd: string }>(ledger.target, inLedger);
    expect(proof.map(({ saved_usd }) => sum([saved_usd]))).toEqual([sum([alone_usd])]);
  }
});

test("a prompt of 10,000 tokens ten times costs what the provider's own example says", async () => {
  const prompt = promptAttributes(promptParts({ inputMessages: [said("user", words("question", 900))] }), []);
  const record = Object.fromEntries(Object.entries(prompt).map(([name, value]) => [name, String(value)]));
  const usage = opusCall({ input_tokens: 10_000, output_tokens: 0 }, record);
  await landed(
    Array.from({ length: 10 }, (_, call) =>
      span({ span: call + 1 }, usage, { Timestamp: `${1_780_000_000 + call * 60}.0` }),
    ),
  );
  const plans = await queryView(ledger.target, "what_if_cache");
  expect(Object.fromEntries(plans.map(({ plan, what_if_cost_usd }) => [plan, what_if_cost_usd]))).toEqual({
    none: "0.5",
    "5m": "0.1075",
    "best 5m": "0.1075",
    "1h": "0.145",
    "best 1h": "0.145",
  });
});

/** A call in a trace of its own, some minutes after the one before it. */
function promptedCall(
  number: number,
  inputMessages: ContentMessage[],
  usage: Readonly<Record<string, number>>,
): LandingRow {
  const prompt = promptAttributes(promptParts({ inputMessages }), []);
  const record = Object.fromEntries(Object.entries(prompt).map(([name, value]) => [name, String(value)]));
  const id = { trace: number + 1, span: number + 1 };
  return span(id, opusCall(usage, record), { Timestamp: `${1_780_000_000 + number * 200}.0` });
}

/** What caches would have held of calls of one model, one after the other: of each that is asked for, how far the usual and the best breakpoints read. */
async function simulatedReads(
  prompts: readonly ContentMessage[][],
  askedFor: Readonly<Record<string, string>> = {},
): Promise<{ usual: number; best: number }[]> {
  await landed(
    prompts.map((inputMessages, call) => promptedCall(call, inputMessages, { input_tokens: 10_000, output_tokens: 0 })),
  );
  const calls = await queryView(ledger.target, "cache_simulation", askedFor);
  return calls
    .toSorted((one, other) => Number(one["span_id"]) - Number(other["span_id"]))
    .map(({ read_5m, best_read_5m }) => ({ usual: Number(read_5m), best: Number(best_read_5m) }));
}

const leastTokens = 4_096;
const questions = ["first", "second", "third"];

const ofOneSystem = questions.map((question) => [
  said("system", words("rule", 900)),
  said("user", words(question, 100)),
]);

test("a shared system prompt is read by any breakpoints", async () => {
  const reads = await simulatedReads(ofOneSystem);
  expect(reads.map(({ usual }) => usual > leastTokens)).toEqual([false, true, true]);
  expect(reads.map(({ best }) => best)).toEqual(reads.map(({ usual }) => usual));
});

test("a trace that is asked for alone reads what the others wrote", async () => {
  const reads = await simulatedReads(ofOneSystem, { in_trace: "3".padStart(32, "0") });
  expect(reads.map(({ usual }) => usual > leastTokens)).toEqual([true]);
});

test("a prompt whose length was not reported is in no simulation, and counted", async () => {
  const [prompt] = ofOneSystem;
  await landed([promptedCall(0, prompt ?? [], {})]);
  expect(await queryView(ledger.target, "cache_simulation")).toMatchObject([{ is_recorded: 0, end: 0 }]);
  const plans = await queryView(ledger.target, "what_if_cache");
  const unrecorded = Object.fromEntries(plans.map(({ plan, unrecorded_calls }) => [plan, Number(unrecorded_calls)]));
  expect(unrecorded).toEqual({ none: 0, "5m": 1, "1h": 1, "best 5m": 1, "best 1h": 1 });
});

test("what prompts share beyond their system prompt is read by the best breakpoints alone", async () => {
  const reads = await simulatedReads(
    questions.map((question) => [
      said("system", words("rule", 500)),
      said("user", words("context", 400)),
      said("user", words(question, 100)),
    ]),
  );
  expect(reads.map(({ usual }) => usual > leastTokens)).toEqual([false, true, true]);
  expect(reads.map(({ usual, best }) => best - usual > 3_000)).toEqual([false, true, true]);
});
