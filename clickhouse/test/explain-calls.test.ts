import {
  answerParts,
  type Content,
  type ContentMessage,
  measuredPiece,
  pieceAttributes,
  promptAttributes,
  promptParts,
  unrecordedPiece,
} from "@tokenledger/core";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { explain, landSpans, queryView, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { exactSum } from "./exact-sum.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const said = (role: string, content: string): ContentMessage => ({ role, parts: [{ type: "text", content }] });
/** Words that no other text has. */
const words = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${topic}${index}`).join(" ");

interface Call {
  readonly trace?: number;
  readonly span: number;
  readonly usage: Readonly<Record<string, number>>;
  readonly prompt?: Content;
  readonly answer?: string;
  readonly rest?: Readonly<Record<string, string>>;
}

/** Lands calls that say how their prompts were made, and explains them. */
async function explained(...calls: readonly Call[]): Promise<void> {
  const spans = calls.map(({ trace = 1, span: id, usage, prompt, answer, rest = {} }) => {
    const answered: Content = answer === undefined ? {} : { outputMessages: [said("assistant", answer)] };
    const record = prompt ? promptAttributes(promptParts(prompt), answerParts(answered)) : {};
    const attributes = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
    return span({ trace, span: id }, opusCall(usage, { ...attributes, ...rest }));
  });
  await landSpans(ledger.target, spans);
  await settle(ledger.target);
  await explain(ledger.target);
}

/** Tokens by cause of one call, without fees per request. */
async function causes(spanId: number): Promise<Record<string, number>> {
  const rows = await selectRows<{ cause: string; tokens: string }>(
    ledger.target,
    `SELECT cause, sum(tokens) AS tokens FROM
       (SELECT causes, components, counts FROM ledger.call_causes FINAL WHERE span_id = {span:UInt64})
     ARRAY JOIN causes AS cause, components AS component, counts AS tokens
     WHERE component != 'request' GROUP BY cause`,
    { span: spanId },
  );
  return Object.fromEntries(rows.map(({ cause, tokens }) => [cause, Number(tokens)]));
}

const question = said("user", words("question", 60));
const answer = words("answer", 40);
const more = said("user", words("more", 30));
const second: Content = { inputMessages: [question, said("assistant", answer), more] };

describe("a conversation without a cache", () => {
  test("pays in full for what it read before, to the token", async () => {
    await explained(
      { span: 1, usage: { input_tokens: 1_000, output_tokens: 50 }, prompt: { inputMessages: [question] }, answer },
      { span: 2, usage: { input_tokens: 1_500, output_tokens: 70 }, prompt: second },
    );
    expect(await causes(1)).toEqual({ new_input: 1_000, visible_output: 50 });
    expect(await causes(2)).toEqual({ re_read_in_full: 1_000, new_input: 500, visible_output: 70 });
  });

  test("is followed over traces", async () => {
    await explained(
      {
        trace: 1,
        span: 1,
        usage: { input_tokens: 1_000, output_tokens: 50 },
        prompt: { inputMessages: [question] },
        answer,
      },
      { trace: 2, span: 2, usage: { input_tokens: 1_500, output_tokens: 70 }, prompt: second },
    );
    expect(await causes(2)).toEqual({ re_read_in_full: 1_000, new_input: 500, visible_output: 70 });
  });
});

test("what the cache had is a re-read, what it never had a write, and what it had lost a rewrite", async () => {
  const read = (cacheRead: number, written: number): Record<string, number> => ({
    input_tokens: 1_500,
    output_tokens: 10,
    "cache_read.input_tokens": cacheRead,
    "cache_write.input_tokens": written,
  });
  const first = { input_tokens: 1_000, output_tokens: 10, "cache_write.input_tokens": 1_000 };
  await explained(
    { trace: 1, span: 1, usage: first, prompt: { inputMessages: [question] }, answer },
    { trace: 1, span: 2, usage: read(1_000, 500), prompt: second },
    { trace: 2, span: 3, usage: first, prompt: { inputMessages: [said("user", words("other", 50))] }, answer },
    {
      trace: 2,
      span: 4,
      usage: read(0, 1_500),
      prompt: { inputMessages: [said("user", words("other", 50)), said("assistant", answer), more] },
    },
  );
  expect(await causes(1)).toEqual({ cache_write: 1_000, visible_output: 10 });
  expect(await causes(2)).toEqual({ re_read_from_cache: 1_000, cache_write: 500, visible_output: 10 });
  expect(await causes(4)).toEqual({ expired_cache_rewrite: 1_000, cache_write: 500, visible_output: 10 });
});

test("a failed attempt and an exact duplicate are that and nothing else", async () => {
  const usage = { input_tokens: 1_000, output_tokens: 50, "reasoning.output_tokens": 20 };
  const prompt = { inputMessages: [question] };
  await explained(
    { span: 1, usage, prompt, rest: { "tokenledger.call.outcome": "failed" } },
    { span: 2, usage, prompt, answer },
    { trace: 5, span: 3, usage, prompt, answer },
  );
  expect(await causes(1)).toEqual({ failed_attempt: 1_050 });
  expect(await causes(2)).toEqual({ new_input: 1_000, reasoning: 20, visible_output: 30 });
  expect(await causes(3)).toEqual({ exact_duplicate: 1_050 });
});

test("context is handed over from one agent's answer to another's prompt, whole or within a template", async () => {
  const draft = words("draft", 400);
  const agent = (name: string): Record<string, string> => ({
    "tokenledger.agent.path": JSON.stringify([name]),
    "tokenledger.agent.run_id": name,
  });
  const usage = { input_tokens: 2_000, output_tokens: 10 };
  await explained(
    { span: 1, usage, prompt: { inputMessages: [question] }, answer: draft, rest: agent("writer") },
    { span: 2, usage, prompt: { inputMessages: [said("user", draft)] }, rest: agent("editor") },
    {
      span: 3,
      usage,
      prompt: { inputMessages: [said("user", `Check this: <draft> ${draft} </draft>`)] },
      rest: agent("checker"),
    },
  );
  expect(await causes(1)).toMatchObject({ new_input: 2_000 });
  expect(await causes(2)).toEqual({ handed_over_context: 2_000, visible_output: 10 });
  const checked = await causes(3);
  expect(checked["handed_over_context"]).toBeGreaterThan(1_600);
  expect((checked["handed_over_context"] ?? 0) + (checked["new_input"] ?? 0)).toBe(2_000);
});

test("tools that nobody asks for are told from those in use, and results from documents", async () => {
  const tool = (name: string): object => ({ type: "function", name, description: words(name, 30) });
  const asks = { role: "assistant", parts: [{ type: "tool_call", id: "a", name: "weather", arguments: "{}" }] };
  const result = { role: "tool", parts: [{ type: "tool_call_response", id: "a", response: words("cold", 60) }] };
  const document = { role: "user", parts: [{ type: "document", text: words("page", 60) }] };
  await explained({
    span: 1,
    usage: { input_tokens: 4_000, output_tokens: 10 },
    prompt: { toolDefinitions: [tool("weather"), tool("calendar")], inputMessages: [question, asks, result, document] },
    rest: { "tokenledger.answer.tool_names": '["weather"]' },
  });
  const found = await causes(1);
  expect(Object.keys(found).toSorted()).toEqual([
    "new_input",
    "retrieved_context",
    "tool_definitions",
    "tool_results",
    "unused_tool_definitions",
    "visible_output",
  ]);
  const { visible_output: output, ...input } = found;
  expect([output, Object.values(input).reduce((sum, tokens) => sum + tokens, 0)]).toEqual([10, 4_000]);
});

test("whatever is reported, the causes of a call sum to its classes and its cost", async () => {
  const seed = Number(process.env["SEED"] ?? 20_261_122);
  const scenario = fc.array(
    fc.record({
      total: fc.nat(20_000),
      read: fc.nat(12_000),
      written: fc.nat(12_000),
      output: fc.nat(3_000),
      turns: fc.nat(6),
      topic: fc.constantFrom("a", "b"),
      outcome: fc.constantFrom("completed", "completed", "failed"),
      run: fc.constantFrom("one", "two"),
    }),
    { minLength: 60, maxLength: 60 },
  );
  const [drawn = []] = fc.sample(scenario, { seed, numRuns: 1 });
  await explained(
    ...drawn.map(({ total, read, written, output, turns, topic, outcome, run }, index) => ({
      trace: 1 + (index % 3),
      span: index + 1,
      usage: {
        input_tokens: total,
        output_tokens: output,
        "cache_read.input_tokens": read,
        "cache_write.5m.input_tokens": written,
        "reasoning.output_tokens": output % 500,
      },
      prompt: {
        inputMessages: Array.from({ length: turns }, (_, turn) =>
          said(turn % 2 ? "assistant" : "user", words(topic + turn, 40)),
        ),
      },
      answer: words(topic + turns, 40),
      rest: { "tokenledger.call.outcome": outcome, "tokenledger.agent.run_id": run },
    })),
  );
  const wrong = await selectRows(
    ledger.target,
    `SELECT calls.span_id AS span_id,
       arraySum(arrayMap((component, count) -> if(component = 'request', 0, count), why.components, why.counts)) AS explained,
       calls.input_tokens + calls.output_tokens AS billed
     FROM (SELECT * FROM ledger.llm_calls FINAL) AS calls
     LEFT JOIN (SELECT * FROM ledger.call_causes FINAL) AS why ON why.trace_id = calls.trace_id AND why.span_id = calls.span_id
     WHERE explained != billed`,
  );
  expect(wrong, `seed ${seed}`).toEqual([]);
  const window = { from: "2020-01-01T00:00:00Z", to: "2030-01-01T00:00:00Z" };
  const [total] = await queryView(ledger.target, "ledger_total", window);
  const byCause = await queryView(ledger.target, "cause_cost", window);
  const sum = exactSum(byCause.map((row) => row["known_cost_usd"]));
  expect(sum, `seed ${seed}`).toBe(exactSum([total?.["known_cost_usd"]]));
  expect(sum).toBeGreaterThan(0n);
});

test("a call that says nothing of its prompt is not guessed at", async () => {
  await explained({ span: 1, usage: { input_tokens: 1_000, output_tokens: 50, "cache_read.input_tokens": 400 } });
  expect(await causes(1)).toEqual({ re_read_from_cache: 400, unexplained: 600, visible_output: 50 });
});

test("a piece that no record shows is unexplained, and a re-read when it comes again", async () => {
  const head = unrecordedPiece(800, "instructions");
  const known = (content: Content): Readonly<Record<string, string>> => {
    const record = pieceAttributes([head, ...promptParts(content).map(measuredPiece)], []);
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
  };
  await explained(
    { span: 1, usage: { input_tokens: 1_000, output_tokens: 50 }, rest: known({ inputMessages: [question] }) },
    { span: 2, usage: { input_tokens: 1_500, output_tokens: 50 }, rest: known(second) },
  );
  const { unexplained = 0, new_input: fresh = 0 } = await causes(1);
  expect([unexplained + fresh, unexplained > 700]).toEqual([1_000, true]);
  expect(await causes(2)).toEqual({ re_read_in_full: 1_000, new_input: 500, visible_output: 50 });
});
