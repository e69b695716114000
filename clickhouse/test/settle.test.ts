import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { landSpans, settle } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { doByItself } from "./own-accord.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const response = { "gen_ai.response.id": "msg_01ABCDEFGHIJKLMNOPQRSTUV" };
const usage = { input_tokens: 1_000, output_tokens: 100 };
const bills = (): Promise<Record<string, unknown>[]> =>
  calls(ledger.target, "span_id, billed_by, output_tokens, cost_usd");
const versions = (): Promise<Record<string, unknown>[]> => calls(ledger.target, "span_id, version");
const framework = { ScopeName: "pydantic-ai" };
const claudeCode = { ScopeName: "tokenledger.import.claude-code" };

describe("several reports of one call", () => {
  test("are one bill: the span of the provider's SDK over a framework's and a log's", async () => {
    await landSpans(ledger.target, [
      span({ span: 1 }, opusCall(usage, response), framework),
      span({ trace: 2, span: 2 }, opusCall(usage, response), claudeCode),
      span({ span: 3 }, opusCall(usage, response)),
    ]);
    await settle(ledger.target);
    expect(await bills()).toEqual([
      { span_id: "1", billed_by: "3", output_tokens: "100", cost_usd: "0.0075" },
      { span_id: "3", billed_by: "0", output_tokens: "100", cost_usd: "0.0075" },
      { span_id: "2", billed_by: "3", output_tokens: "100", cost_usd: "0.0075" },
    ]);
  });

  test("with usage stand before those without, reported before estimated", async () => {
    await landSpans(ledger.target, [
      span({ span: 1 }, opusCall({}, response)),
      span({ span: 2 }, opusCall(usage, { ...response, "tokenledger.usage.source": "estimated" }), framework),
      span({ span: 3 }, opusCall(usage, response), framework),
    ]);
    await settle(ledger.target);
    expect((await bills()).map((row) => row["billed_by"])).toEqual(["3", "3", "0"]);
  });

  test("are several bills where a line is billed beside the call, or the id is too short to be unique", async () => {
    const line = { "tokenledger.usage.line": "compaction/0" };
    const short = { "gen_ai.response.id": "chatcmpl-123" };
    await landSpans(ledger.target, [
      span({ span: 1 }, opusCall(usage, response)),
      span({ span: 2 }, opusCall(usage, { ...response, ...line })),
      span({ span: 3 }, opusCall(usage, short)),
      span({ span: 4 }, opusCall(usage, short)),
    ]);
    await settle(ledger.target);
    expect((await bills()).map((row) => row["billed_by"])).toEqual(["0", "0", "0", "0"]);
  });
});

test("an election that changes nothing writes nothing", async () => {
  await landSpans(ledger.target, [
    span({ span: 1 }, opusCall(usage, response), framework),
    span({ span: 2 }, opusCall(usage, response)),
  ]);
  await settle(ledger.target);
  const settled = await selectRows(ledger.target, "SELECT count() AS rows FROM ledger.llm_calls");
  await settle(ledger.target);
  await settle(ledger.target);
  expect(await selectRows(ledger.target, "SELECT count() AS rows FROM ledger.llm_calls")).toEqual(settled);
});

test("a redelivery does not undo an election, and a fuller snapshot is elected anew", async () => {
  const reports = [
    span({ span: 1 }, opusCall(usage, response), framework),
    span({ span: 2 }, opusCall({ ...usage, output_tokens: 10 }, response), claudeCode),
  ];
  await landSpans(ledger.target, reports);
  await settle(ledger.target);
  const settled = await bills();
  const kept = await versions();
  await landSpans(ledger.target, reports.toReversed());
  expect(await bills()).toEqual(settled);
  expect(await versions()).toEqual(kept);
  await landSpans(ledger.target, [span({ span: 2 }, opusCall({ ...usage, output_tokens: 300 }, response), claudeCode)]);
  await settle(ledger.target);
  expect(await bills()).toEqual([
    { span_id: "1", billed_by: "0", output_tokens: "100", cost_usd: "0.0075" },
    { span_id: "2", billed_by: "1", output_tokens: "300", cost_usd: "0.0125" },
  ]);
});

test("the server elects by itself", async () => {
  await landSpans(ledger.target, [
    span({ span: 1 }, opusCall(usage, response), framework),
    span({ span: 2 }, opusCall(usage, response)),
  ]);
  await doByItself(ledger.target, "elect_bills");
  expect((await bills()).map((row) => row["billed_by"])).toEqual(["2", "0"]);
});

test("a batch that was acknowledged by landing alone reaches the facts when it is sent again", async () => {
  const batch = [span({ span: 1 }, opusCall(usage, response))];
  await landSpans(ledger.target, batch, { deduplicationToken: "batch" });
  await ledger.store.client.command({ query: "TRUNCATE TABLE ledger.llm_calls" });
  await landSpans(ledger.target, batch, { deduplicationToken: "batch" });
  expect(await bills()).toHaveLength(1);
  expect(await selectRows(ledger.target, "SELECT count() AS landed FROM ledger.otel_traces")).toEqual([
    { landed: "1" },
  ]);
});
