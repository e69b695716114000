import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { explain, landSpans, listViews, queryView, settle } from "../src/index.ts";
import type { LedgerTarget } from "../src/ledger-target.ts";
import { randomSpans } from "./random-ledger.ts";
import { startTestCluster, type TestCluster } from "./test-cluster.ts";
import { opusCall, span } from "./test-ledger.ts";
import { answersAbout, questionOf } from "./view-cases.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 600_000 });

const spans = randomSpans(11, 60);
/** One call in each of thirty traces, so that every shard has some. */
const refused = Array.from({ length: 30 }, (_, index) =>
  span({ trace: index + 1, span: 8_000 + index }, opusCall({ input_tokens: 10, output_tokens: 1 })),
);

let cluster: TestCluster;
let living: LedgerTarget;
let before: unknown;

beforeAll(async () => {
  cluster = await startTestCluster(2);
  living = cluster.target;
  await landSpans(living, spans);
  await settle(living);
  // A node that comes back runs its jobs again: what they would find has to be found before.
  await explain(living);
  before = await answersAbout(cluster);
});
afterAll(() => cluster.stop());

describe("while a shard is down", () => {
  beforeAll(() => cluster.kill(1));

  // Prices are on every node: answers about them alone are whole.
  const aboutPrices = ["band_prices", "card_prices", "price_explanation", "price_list", "similar_models"];
  const aboutSpans = listViews().filter(({ name }) => !aboutPrices.includes(name));
  test.each(aboutSpans)("$name gives no number, and names the shard", async ({ name }) => {
    const asked = queryView(living, name, { ...questionOf(name), max_rows: 1, trace_id: "1".padStart(32, "0") });
    await expect(asked).rejects.toMatchObject({
      fault: "shard_unavailable",
      message: expect.stringContaining(`Shard 2 of the ClickHouse cluster does not answer (${cluster.address(1)})`),
    });
  });

  test("a saved view gives none to a user whose profile skips shards either", async () => {
    const query = "SELECT * FROM ledger.ledger_total(`from` = '2020-01-01 00:00:00', `to` = '2100-01-01 00:00:00')";
    const asked = living.client.query({ query, clickhouse_settings: { skip_unavailable_shards: 1 } });
    await expect(asked).rejects.toThrow(/Connection refused/);
  });

  test("no bill is elected from the reports that are left", async () => {
    await expect(settle(living)).rejects.toMatchObject({ fault: "shard_unavailable" });
  });
});

test("once it is back, every answer is the one it was", async () => {
  await cluster.restart(1);
  expect(await answersAbout(cluster)).toEqual(before);
});

test("spans that come while it is down are refused, and go in once when they are sent again", async () => {
  const [total] = await queryView(living, "ledger_total");
  const batch = { deduplicationToken: "batch" };
  await cluster.kill(1);
  await expect(landSpans(living, refused, batch)).rejects.toThrow(/Connection refused/);
  await cluster.restart(1);
  await landSpans(living, refused, batch);
  await landSpans(living, refused, batch);
  await settle(living);
  const [after] = await queryView(living, "ledger_total");
  expect(Number(after?.["calls"])).toBe(Number(total?.["calls"]) + refused.length);
});
