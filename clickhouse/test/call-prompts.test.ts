import { answerParts, type Content, promptAttributes, promptParts } from "@tokenledger/core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { landSpans } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const usage = { input_tokens: 1_000, output_tokens: 100 };
const prompts = (columns: string): Promise<Record<string, unknown>[]> =>
  selectRows(ledger.target, `SELECT ${columns} FROM ledger.call_prompts FINAL ORDER BY span_id`);

async function land(spanId: number, prompt: Content, answer: Content = {}): Promise<void> {
  const record = promptAttributes(promptParts(prompt), answerParts(answer));
  const attributes = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
  await landSpans(ledger.target, [span({ span: spanId }, opusCall(usage, attributes))]);
}

test("a prompt and its answer are read as they were written, and the next turn continues them", async () => {
  const tool = { type: "function", name: "weather" };
  const question = {
    role: "user",
    parts: [{ type: "text", content: "Is it warm in Oslo, and what should I wear there today?" }],
  };
  const asks = {
    role: "assistant",
    parts: [{ type: "tool_call", id: "a", name: "weather", arguments: '{"city":"Oslo"}' }],
  };
  const result = { role: "tool", parts: [{ type: "tool_call_response", id: "a", response: '{"celsius":11}' }] };
  await land(1, { toolDefinitions: [tool], inputMessages: [question] }, { outputMessages: [asks] });
  await land(2, { toolDefinitions: [tool], inputMessages: [question, asks, result] });
  const [first, second] = await prompts("*");
  expect(first).toMatchObject({
    segment_kinds: "du",
    tool_names: ["weather"],
    asked_tools: ["weather"],
    retrieval_used: null,
  });
  expect(second).toMatchObject({ segment_kinds: "duar", tool_names: ["weather", "weather"], answer_fingerprints: [] });
  expect(first?.["new_simhash"]).not.toBe("0");
  const [known] = await selectRows(
    ledger.target,
    `SELECT
       arraySlice(later.prefix_fingerprints, 1, 2) = earlier.prefix_fingerprints AS continues,
       later.segment_fingerprints[3] = earlier.answer_fingerprints[1] AS carries_answer,
       later.segment_tokens[3] = earlier.answer_tokens[1] AS of_the_same_size
     FROM ledger.call_prompts AS earlier, ledger.call_prompts AS later WHERE earlier.span_id = 1 AND later.span_id = 2`,
  );
  expect(known).toEqual({ continues: 1, carries_answer: 1, of_the_same_size: 1 });
});

test("a damaged record is cut to what fits together, and fails no insert", async () => {
  const damaged = {
    "tokenledger.prompt.segment.kinds": "suu",
    "tokenledger.prompt.segment.tokens": "12,x,-3,7",
    "tokenledger.prompt.segment.markup": "250,1",
    "tokenledger.prompt.segment.fingerprints": "not base64!",
    "tokenledger.prompt.prefix.fingerprints": "AQAAAAAAAAACAAAA",
    "tokenledger.prompt.tool_names": "{",
    "tokenledger.prompt.simhash": "AQ==",
    "tokenledger.prompt.retrieval_used": "many",
  };
  await landSpans(ledger.target, [span({ span: 1 }, opusCall(usage, damaged)), span({ span: 2 }, opusCall(usage, {}))]);
  expect(await prompts("span_id, segment_kinds, segment_tokens, tool_names, new_simhash, retrieval_used")).toEqual([
    { span_id: "1", segment_kinds: "", segment_tokens: [], tool_names: [], new_simhash: "1", retrieval_used: null },
  ]);
});
