import { loadCatalogue } from "@tokenledger/prices";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { landSpans, publishPrices, queryView } from "../../src/index.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "../test-ledger.ts";

/** The prices that are published with the product, not those of the other tests. */
let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
  await publishPrices(ledger.target, await loadCatalogue());
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

/** What a prompt of 10,000 tokens to Claude Opus 4.6 costs each of ten times. */
async function costs(first: Record<string, number>, then: Record<string, number>): Promise<unknown[]> {
  const usage = (index: number): Record<string, number> => (index === 0 ? first : then);
  const ten = Array.from({ length: 10 }, (_, index) =>
    span({ span: index + 1 }, opusCall({ input_tokens: 10_000, output_tokens: 0, ...usage(index) })),
  );
  await landSpans(ledger.target, ten);
  return (await calls(ledger.target, "cost_usd")).map(({ cost_usd }) => cost_usd);
}

const total = async (): Promise<unknown> => (await queryView(ledger.target, "ledger_total"))[0]?.["cost_usd"];
const read = { "cache_read.input_tokens": 10_000 };
const written = (ttl: string): Record<string, number> => ({
  "cache_write.input_tokens": 10_000,
  [`cache_write.${ttl}.input_tokens`]: 10_000,
});

test("costs $0.50 without caching", async () => {
  expect(await costs({}, {})).toEqual(Array(10).fill("0.05"));
  expect(await total()).toBe("0.5");
});

test("costs $0.0625 and then $0.005 each, $0.1075 together, with the cache of five minutes", async () => {
  expect(await costs(written("5m"), read)).toEqual(["0.0625", ...Array<string>(9).fill("0.005")]);
  expect(await total()).toBe("0.1075");
  const [row] = await queryView(ledger.target, "cache_profit_and_loss");
  expect(row).toMatchObject({ read_discount_usd: "0.405", write_premium_usd: "0.0125", net_saving_usd: "0.3925" });
});

test("costs twice the input to write for an hour", async () => {
  expect(await costs(written("1h"), read)).toEqual(["0.1", ...Array<string>(9).fill("0.005")]);
  expect(await total()).toBe("0.145");
});
