import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import type { PriceCatalogue, PriceComponent } from "@tokenledger/clickhouse";
import { beforeAll, describe, expect, test } from "vitest";
import { bundledPrices } from "../bundled.ts";
import { costOf } from "../card-cost.ts";
import { modelNamed } from "../model-named.ts";
import { assemble } from "../catalogue.ts";
import { genaiPriceList } from "./price-list.ts";

type Counts = Partial<Record<PriceComponent, number>>;
const providers = {
  anthropic: "anthropic",
  openai: "openai",
  google: "gcp.gemini",
  "x-ai": "x_ai",
  aws: "aws.bedrock",
};
let catalogue: PriceCatalogue;
let reports: string[];

beforeAll(async () => {
  const bundled = await bundledPrices();
  catalogue = assemble([genaiPriceList(bundled)]);
  reports = bundled.providers.flatMap((provider) => [...provider.reports]);
});

/** The same usage as genai-prices counts it, where classes contain each other. */
function nested(counts: Counts): Record<string, number> {
  const { input = 0, cache_read = 0, cache_write_5m = 0, cache_write_1h = 0, output = 0, web_search = 0 } = counts;
  return {
    input_tokens: input + cache_read + cache_write_5m + cache_write_1h,
    cache_read_tokens: cache_read,
    cache_write_tokens: cache_write_5m + cache_write_1h,
    cache_write_1h_tokens: cache_write_1h,
    output_tokens: output,
    ...(web_search > 0 ? { web_searches: web_search } : {}),
  };
}

const usages: readonly Counts[] = [
  { input: 1234, output: 567 },
  { input: 17, cache_read: 90_001, output: 3 },
  { input: 250_000, cache_read: 49_999, output: 12_345 },
  { input: 3, cache_read: 7, cache_write_5m: 20_011, cache_write_1h: 409, output: 99, web_search: 2 },
];

describe("parity with genai-prices, whose data this is", () => {
  for (const [id, provider] of Object.entries(providers)) {
    test(`${id}: every model costs the same, on both sides of its price changes`, async () => {
      const entry = (await waitForUpdate())?.find((candidate) => candidate.id === id);
      const differing: string[] = [];
      let compared = 0;
      for (const model of entry?.models ?? []) {
        const spelled = catalogue.names.find((name) => name.provider === provider && name.model === model.id)?.name;
        for (const date of ["2025-06-09", "2026-08-20", "2026-09-01", "2027-01-02"]) {
          for (const counts of usages) {
            const ours = spelled && costOf(catalogue, { provider, model: spelled, date, counts });
            if (!spelled || ours === undefined) continue;
            const theirs = calcPrice(nested(counts), spelled, {
              providerId: id,
              timestamp: new Date(`${date}T12:00:00Z`),
            });
            if (theirs?.model.id !== model.id) continue;
            if (Math.abs(Number(ours) - theirs.total_price) > 1e-9) differing.push(`${model.id} on ${date}: ${ours}`);
            compared++;
          }
        }
      }
      expect(differing).toEqual([]);
      expect(compared).toBeGreaterThan(100);
    });

    test(`${id}: every documented spelling finds the same model`, async () => {
      const entry = (await waitForUpdate())?.find((candidate) => candidate.id === id);
      const differing: string[] = [];
      for (const { name } of catalogue.names.filter((row) => row.provider === provider && row.kind === "exact")) {
        const theirs = calcPrice({ input_tokens: 1 }, name, { providerId: id });
        const ours = modelNamed(catalogue.names, provider, name);
        if (theirs && theirs.provider.id === entry?.id && theirs.model.id !== ours)
          differing.push(`${name}: ${ours}, not ${theirs.model.id}`);
      }
      expect(differing).toEqual([]);
    });
  }

  test("what can't be compiled is reported, not guessed", () => {
    expect(reports).toContain("deepseek deepseek-v4-flash: no component for hours of the day");
    expect(reports.filter((report) => report.includes(": regex "))).toEqual([]);
    const peakHours = { provider: "deepseek", model: "deepseek-v4-flash", counts: { input: 1_000_000 } };
    expect(costOf(catalogue, { ...peakHours, date: "2026-08-16" })).toBe("0.14");
    expect(costOf(catalogue, { ...peakHours, date: "2026-08-17" })).toBeUndefined();
  });
});
