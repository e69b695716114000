import { answerParts, promptAttributes, promptParts } from "@tokenledger/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { landSpans, queryView } from "../src/index.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());

test("the calls of a cause are those of the conversation and of the service that is asked about", async () => {
  await ledger.clear();
  const call = (number: number, conversation: string, service: string) =>
    span(
      { trace: number, span: number },
      opusCall({ input_tokens: 1_000, output_tokens: 100 }, { "gen_ai.conversation.id": conversation }),
      { ServiceName: service },
    );
  await landSpans(ledger.target, [call(1, "first", "shop"), call(2, "second", "shop"), call(3, "second", "desk")]);
  const about = { cause: "unexplained", by: "", name: "", max_rows: 10 };
  const found = async (selection: Record<string, string>) =>
    (await queryView(ledger.target, "cause_calls", { ...about, ...selection })).map((row) => Number(row["span_id"]));
  expect(await found({})).toEqual([1, 2, 3]);
  expect(await found({ in_conversation: "second" })).toEqual([2, 3]);
  expect(await found({ in_service: "shop" })).toEqual([1, 2]);
  expect(await found({ in_conversation: "second", in_service: "shop" })).toEqual([2]);
});

test("a tool that the last answer of a run asks for is used, though no prompt holds its result", async () => {
  await ledger.clear();
  const definitions = ["search", "draw"].map((name) => ({ name, description: `What ${name} does, in some words` }));
  const asked = { type: "tool_call", id: "a", name: "search", arguments: "anything" };
  const record = promptAttributes(
    promptParts({
      toolDefinitions: definitions,
      inputMessages: [{ role: "user", parts: [{ type: "text", content: "Find it" }] }],
    }),
    answerParts({ outputMessages: [{ role: "assistant", parts: [asked] }] }),
  );
  const labels = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
  await landSpans(ledger.target, [
    span(
      { span: 1 },
      opusCall({ input_tokens: 1_000, output_tokens: 100 }, { ...labels, "gen_ai.agent.name": "finder" }),
    ),
  ]);
  const unused = await queryView(ledger.target, "unused_tool_definitions");
  expect(unused.map(({ agent_name, tool_name }) => [agent_name, tool_name])).toEqual([["finder", "draw"]]);
});

test("a call that does not say how its prompt was made stays as billed in every plan of caching but none", async () => {
  await ledger.clear();
  const usage = {
    input_tokens: 10_000,
    output_tokens: 100,
    "cache_read.input_tokens": 4_000,
    "cache_write.5m.input_tokens": 2_000,
  };
  await landSpans(ledger.target, [span({ span: 1 }, opusCall(usage))]);
  const plans = await queryView(ledger.target, "what_if_cache");
  const told = plans.map((row) => ({
    plan: row["plan"],
    unrecorded: Number(row["unrecorded_calls"]),
    read: Number(row["cache_read_tokens"]),
    written: Number(row["cache_write_tokens"]),
    isAsBilled: row["what_if_cost_usd"] === row["cost_usd"],
  }));
  const asBilled = { unrecorded: 1, read: 4_000, written: 2_000, isAsBilled: true };
  expect(new Map(told.map(({ plan, ...of }) => [plan, of]))).toEqual(
    new Map<unknown, object>([
      ["none", { unrecorded: 0, read: 0, written: 0, isAsBilled: false }],
      ...["5m", "1h", "best 5m", "best 1h"].map((plan): [string, object] => [plan, asBilled]),
    ]),
  );
});
