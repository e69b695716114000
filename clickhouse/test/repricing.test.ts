import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  catalogueVersion,
  landSpans,
  previewRepricing,
  type PriceCatalogue,
  publishBook,
  publishPrices,
  repricedDays,
  reprice,
} from "../src/index.ts";
import { catalogue } from "./catalogue.ts";
import { calls, opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
beforeEach(() => ledger.clear());

const window = { from: new Date("2026-05-01"), to: new Date("2026-05-04") };
const usage = { input_tokens: 1_000_000, output_tokens: 1000 };
const lines = "toString(span_id) AS span, cost_usd, known_cost_usd, unpriced, price_version, input_tokens, agent_name";

/** Three days of calls, the second delivered twice, one of them of a model without a price, and one after the window. */
const landCalls = (): Promise<unknown> =>
  landSpans(
    ledger.target,
    ["01T10", "02T10", "02T10", "03T10", "03T11", "04T00"].map((time, index) => {
      const model = index === 4 ? "claude-of-tomorrow" : "claude-opus-4-6";
      const attributes = opusCall(usage, { "gen_ai.response.model": model, "gen_ai.agent.name": "writer" });
      return span({ span: index === 2 ? 2 : index + 1 }, attributes, { Timestamp: `2026-05-${time}:00:00Z` });
    }),
  );

/** The tests' catalogue with Opus at another price, and a price for what has none. */
const dearer = (input: string): PriceCatalogue => {
  const opus = catalogue.cards.find(({ model }) => model === "claude-opus-4-6");
  if (opus === undefined) throw new Error("the catalogue has Opus");
  const card = { ...opus, price_card_id: `7${input.replace(".", "")}`, input: [input] };
  return {
    ...catalogue,
    cards: [...catalogue.cards.filter((one) => one !== opus), card],
    names: [
      ...catalogue.names,
      { provider: "anthropic", name: "claude-of-tomorrow", kind: "exact", model: "claude-opus-4-6" },
    ],
  };
};

test("a book prices the calls of a window exactly as if it had been in force, and nobody else's", async () => {
  await landCalls();
  const before = await calls(ledger.target, lines);
  const book = await publishBook(ledger.target, dearer("0.000006"));
  expect(await publishBook(ledger.target, dearer("0.000006"))).toBe(book);
  await reprice(ledger.target, window, book);
  const after = await calls(ledger.target, lines);
  expect(after).toEqual(
    before.map((row) =>
      row["span"] === "6"
        ? row
        : { ...row, cost_usd: "6.025", known_cost_usd: "6.025", unpriced: "", price_version: book },
    ),
  );
  // The book is for these calls alone: the catalogue in force goes on pricing new ones.
  expect(await catalogueVersion(ledger.target)).toBe(ledger.priceVersion);
  await reprice(ledger.target, window, ledger.priceVersion);
  expect(await calls(ledger.target, lines)).toEqual(before);
});

test("what was interrupted goes on where it was", async () => {
  await landCalls();
  const book = await publishBook(ledger.target, dearer("0.000007"));
  await reprice(ledger.target, { ...window, to: new Date("2026-05-02") }, book);
  expect(await repricedDays(ledger.target, window, book)).toEqual([
    { day: "2026-05-01", calls: 1, pending: 0 },
    { day: "2026-05-02", calls: 1, pending: 1 },
    { day: "2026-05-03", calls: 2, pending: 2 },
  ]);
  const [done] = await calls(ledger.target, "version");
  await reprice(ledger.target, window, book);
  expect((await repricedDays(ledger.target, window, book)).map(({ pending }) => pending)).toEqual([0, 0, 0]);
  expect((await calls(ledger.target, "version"))[0]).toEqual(done);
});

test("a preview says what would change and changes nothing", async () => {
  await landCalls();
  const before = await calls(ledger.target, lines);
  const book = await publishBook(ledger.target, dearer("0.000006"));
  const opus = { provider: "anthropic", model: "claude-opus-4-6", calls: "3" };
  const tomorrow = { provider: "anthropic", model: "claude-of-tomorrow", calls: "1" };
  expect(await previewRepricing(ledger.target, window, book)).toEqual([
    {
      ...tomorrow,
      unpriced_calls: "1",
      newly_unpriced_calls: "0",
      known_cost_usd: "0",
      new_known_cost_usd: "6.025",
    },
    {
      ...opus,
      unpriced_calls: "0",
      newly_unpriced_calls: "0",
      known_cost_usd: "15.075",
      new_known_cost_usd: "18.075",
    },
  ]);
  expect(await calls(ledger.target, lines)).toEqual(before);
});

test("a catalogue is known by its version, and by its place among those that were in force", async () => {
  const first = await catalogueVersion(ledger.target);
  await expect(catalogueVersion(ledger.target, "older")).rejects.toThrow("has no older price catalogue");
  const { version: second } = await publishPrices(ledger.target, dearer("0.000008"));
  const { version: third } = await publishPrices(ledger.target, dearer("0.000009"));
  expect(await publishBook(ledger.target, dearer("0.00001"))).toBeGreaterThan(third);
  expect(await catalogueVersion(ledger.target)).toBe(third);
  expect(await catalogueVersion(ledger.target, "older")).toBe(second);
  expect(await catalogueVersion(ledger.target, String(first))).toBe(first);
  await expect(catalogueVersion(ledger.target, "1234")).rejects.toThrow('no price catalogue "1234"');
});
