import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { landSpans, publishPrices, queryView, reprice } from "../src/index.ts";
import { catalogue } from "./catalogue.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const costOf = async (...attributes: Record<string, string>[]): Promise<unknown[]> => {
  await landSpans(
    ledger.target,
    attributes.map((one, index) => span({ span: index + 1 }, one)),
  );
  return (await calls(ledger.target, "cost_usd, known_cost_usd, unpriced")).map((row) => [
    row["cost_usd"],
    row["unpriced"],
  ]);
};
const year = { from: new Date("2026-01-01"), to: new Date("2027-01-01") };
const total = async (): Promise<unknown> => (await queryView(ledger.target, "trace_cost"))[0]?.["cost_usd"];
const openai = (
  model: string,
  input: number,
  output: number,
  more: Record<string, string> = {},
): Record<string, string> => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.response.model": model,
  "gen_ai.usage.input_tokens": String(input),
  "gen_ai.usage.output_tokens": String(output),
  ...more,
});

describe("ten calls with a prompt of 10,000 tokens on claude-opus-4-6", () => {
  const plain = { input_tokens: 10_000, output_tokens: 0 };
  const hit = { ...plain, "cache_read.input_tokens": 10_000, "cache_write.input_tokens": 0 };
  const write = { ...plain, "cache_read.input_tokens": 0, "cache_write.input_tokens": 10_000 };

  test("cost $0.50 without a cache", async () => {
    await costOf(...Array.from({ length: 10 }, () => opusCall(plain)));
    expect(await total()).toBe("0.5");
  });

  test("cost $0.1075 with a five-minute cache: $0.0625 to write, $0.005 to read", async () => {
    const rows = await costOf(
      opusCall({ ...write, "cache_write.5m.input_tokens": 10_000 }),
      ...Array.from({ length: 9 }, () => opusCall(hit)),
    );
    expect(rows.slice(0, 2)).toEqual([
      ["0.0625", ""],
      ["0.005", ""],
    ]);
    expect(await total()).toBe("0.1075");
  });

  test("cost $0.10 to write for an hour", async () => {
    expect(await costOf(opusCall({ ...write, "cache_write.1h.input_tokens": 10_000 }))).toEqual([["0.1", ""]]);
  });
});

test("the band is chosen by all input, cache included, and holds for the whole request", async () => {
  const cached = { "gen_ai.usage.cache_read.input_tokens": "200000" };
  expect(await costOf(openai("gpt-5.4", 271_999, 0), openai("gpt-5.4", 300_000, 1_000, cached))).toEqual([
    ["0.6799975", ""],
    ["0.6225", ""],
  ]);
});

test("the price is the one in force when the call started", async () => {
  await landSpans(ledger.target, [
    span({ span: 1 }, openai("o3", 10_000, 5_000), { Timestamp: "2026-06-09T23:59:59.999Z" }),
    span({ span: 2 }, openai("o3", 10_000, 5_000), { Timestamp: "2026-06-10T00:00:00Z" }),
  ]);
  expect(await calls(ledger.target, "cost_usd")).toEqual([{ cost_usd: "0.3" }, { cost_usd: "0.06" }]);
});

test("region and tier choose the card; a tier without a card has no price", async () => {
  const usage = { input_tokens: 1_000_000, output_tokens: 0 };
  expect(
    await costOf(
      opusCall(usage, { "tokenledger.inference_geo": "us" }),
      opusCall(usage, { "tokenledger.inference_geo": "eu" }),
      opusCall(usage, { "tokenledger.service_tier": "batch" }),
      opusCall(usage, { "tokenledger.speed": "fast" }),
    ),
  ).toEqual([
    ["5.5", ""],
    ["5", ""],
    ["2.5", ""],
    [null, "no price"],
  ]);
});

test("of the names that fit a model the longest wins, and a date suffix may be left off", async () => {
  expect(
    await costOf(
      openai("GPT-4o-mini-2024-07-18", 1_000_000, 0),
      openai("gpt-4o-2024-11-20", 1_000_000, 0),
      openai("gpt-9", 1, 1),
    ),
  ).toEqual([
    ["0.15", ""],
    ["10", ""],
    [null, "no model"],
  ]);
});

test("what is missing makes the cost unknown, and what is known is priced", async () => {
  const noOutput = opusCall({ input_tokens: 1_000 });
  const audio = opusCall({ input_tokens: 1_000, "audio.input_tokens": 100, output_tokens: 0 });
  await costOf(opusCall({}), noOutput, audio);
  expect(await calls(ledger.target, "cost_usd, known_cost_usd, unpriced")).toEqual([
    { cost_usd: null, known_cost_usd: "0", unpriced: "no usage" },
    { cost_usd: null, known_cost_usd: "0.005", unpriced: "no output tokens" },
    { cost_usd: null, known_cost_usd: "0.0045", unpriced: "no price for input_audio" },
  ]);
});

test("a call that the provider refused costs nothing; one that may have run is unknown", async () => {
  const failed = (status: string): Record<string, string> =>
    opusCall({}, { "tokenledger.call.outcome": "failed", "http.response.status_code": status });
  expect(
    await costOf(
      failed("429"),
      failed("529"),
      failed("504"),
      failed("200"),
      opusCall({}, { "tokenledger.call.outcome": "failed" }),
    ),
  ).toEqual([
    ["0", ""],
    ["0", ""],
    [null, "no usage"],
    [null, "no usage"],
    [null, "no usage"],
  ]);
});

test("an embedding has no output to price, fees are priced, and cached audio is audio", async () => {
  const embedding = {
    "gen_ai.operation.name": "embeddings",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "text-embedding-3-small",
    "gen_ai.usage.input_tokens": "1000000",
  };
  const search = opusCall({ input_tokens: 0, output_tokens: 0 }, { "tokenledger.usage.web_search.requests": "2" });
  const audio = openai("gpt-audio", 300, 0, {
    "gen_ai.usage.audio.input_tokens": "200",
    "gen_ai.usage.cache_read.input_tokens": "100",
    "gen_ai.usage.audio.cache_read.input_tokens": "60",
  });
  expect(await costOf(embedding, search, audio)).toEqual([
    ["0.02", ""],
    ["0.02", ""],
    ["0.00564", ""],
  ]);
});

test("publishing equal prices changes nothing; new ones apply to old calls on request", async () => {
  const again = await publishPrices(ledger.target, catalogue);
  expect(again.changed).toBe(false);
  await costOf(openai("gpt-9", 1_000_000, 0));
  const [o3] = catalogue.cards.filter(({ model }) => model === "o3");
  if (o3 === undefined) throw new Error("the catalogue has o3");
  const widened = {
    ...catalogue,
    cards: [...catalogue.cards, { ...o3, model: "gpt-9", price_card_id: "999" }],
    names: [...catalogue.names, { provider: "openai", name: "gpt-9", kind: "exact" as const, model: "gpt-9" }],
  };
  const published = await publishPrices(ledger.target, widened);
  expect(published.changed).toBe(true);
  expect(await calls(ledger.target, "cost_usd")).toEqual([{ cost_usd: null }]);
  await reprice(ledger.target, year, published.version);
  expect(await calls(ledger.target, "cost_usd, price_version, price_card_id")).toEqual([
    { cost_usd: "10", price_version: published.version, price_card_id: "999" },
  ]);
});
