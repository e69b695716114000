import { tokenClasses } from "@tokenledger/core";
import type { PriceCatalogue } from "@tokenledger/clickhouse";
import { beforeAll, describe, expect, test } from "vitest";
import { costOf, type PricedCall } from "./card-cost.ts";
import { loadCatalogue } from "./catalogue.ts";
import { priceComponents } from "./components.ts";
import { modelNamed } from "./model-named.ts";

let catalogue: PriceCatalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const cost = (provider: string, model: string, counts: PricedCall["counts"], more: Partial<PricedCall> = {}) =>
  costOf(catalogue, { provider, model, date: "2026-11-20", counts, ...more });

describe("the shipped catalogue", () => {
  test("prices exactly the components that usage is counted in", () => {
    expect(new Set(priceComponents)).toEqual(new Set([...tokenClasses.map(({ component }) => component), "request"]));
  });

  test("a band starts at its very first token and holds for the whole request", () => {
    const million = (model: string, input: number, provider = "openai") =>
      cost(provider, model, { input, output: 1_000_000 });
    expect(million("gemini-2.5-pro", 200_000, "gcp.gemini")).toBe("10.25");
    expect(million("gemini-2.5-pro", 200_001, "gcp.gemini")).toBe("15.5000025");
    expect(million("gpt-5.4", 272_000)).toBe("15.68");
    expect(million("gpt-5.4", 272_001)).toBe("23.860005");
    expect(million("gpt-6.1-sol-2026-09-29", 272_001)).toBe("16.088004");
    expect(million("claude-haiku-5-5", 100_000, "anthropic")).toBe("0.51");
    expect(million("claude-haiku-5-5", 100_001, "anthropic")).toBe("2.5500005");
  });

  test("tokens read from a cache count for the band", () => {
    expect(cost("openai", "gpt-5.4", { input: 100_000, cache_read: 200_000, output: 1000 })).toBe("0.6225");
  });

  test("a call costs what was in force on its day", () => {
    const o3 = { input: 10_000, cache_read: 1000, output: 5000 };
    expect(cost("openai", "o3", o3, { date: "2025-06-09" })).toBe("0.3025");
    expect(cost("openai", "o3", o3, { date: "2025-06-10" })).toBe("0.0605");
    const read = { cache_read: 1_000_000 };
    expect(cost("anthropic", "claude-sonnet-5-5", read, { date: "2026-10-06" })).toBe("0.2");
    expect(cost("anthropic", "claude-sonnet-5-5", read, { date: "2026-10-07" })).toBe("0.1");
  });

  test("a name that moves from model to model costs what answered to it that day, and nothing known once it is retired", () => {
    const chat = (date: string) => cost("deepseek", "deepseek-chat", { input: 1_000_000 }, { date });
    expect(["2025-09-05", "2025-09-06", "2025-09-29", "2026-04-24", "2026-07-25"].map(chat)).toEqual([
      undefined,
      "0.56",
      "0.28",
      "0.14",
      undefined,
    ]);
    const medium = (date: string) => cost("mistral_ai", "mistral-medium-latest", { output: 1_000_000 }, { date });
    expect(["2026-06-15", "2026-06-16"].map(medium)).toEqual(["2", "7.5"]);
  });

  test("a price that goes by the hour has no price by the day", () => {
    const flash = (date: string) => cost("deepseek", "deepseek-v4-flash", { input: 1_000_000 }, { date });
    expect(["2026-08-16", "2026-08-17"].map(flash)).toEqual(["0.14", undefined]);
  });

  test("ten calls over one cached prompt of Opus 4.6", () => {
    const prompt = 10_000;
    const opus = (counts: PricedCall["counts"]) => cost("anthropic", "claude-opus-4-6", counts);
    expect(opus({ input: prompt })).toBe("0.05");
    expect(opus({ cache_write_5m: prompt })).toBe("0.0625");
    expect(opus({ cache_write: prompt })).toBe("0.0625");
    expect(opus({ cache_write_1h: prompt })).toBe("0.1");
    expect(opus({ cache_read: prompt })).toBe("0.005");
    expect(opus({ cache_write_5m: prompt, cache_read: 9 * prompt })).toBe("0.1075");
  });

  test("hour-long writes cost twice the input on Claude wherever it is sold", () => {
    const write = { cache_write_1h: 1_000_000 };
    expect(cost("aws.bedrock", "global.anthropic.claude-opus-4-6-v1:0", write)).toBe("10");
    expect(cost("gcp.vertex_ai", "claude-haiku-4-5@20251001", write)).toBe("2");
  });

  test("tiers and regions multiply tokens and leave fees alone", () => {
    const counts = { input: 1_000_000, web_search: 1 };
    expect(cost("anthropic", "claude-opus-5", counts, { region: "us" })).toBe("5.51");
    const longBatch = { serviceTier: "batch", region: "us" };
    expect(cost("openai", "gpt-6-sol", counts, longBatch)).toBe("2.21");
    expect(cost("openai", "gpt-5.5", { output: 1_000_000 }, { serviceTier: "priority" })).toBe("75");
    expect(cost("openai", "gpt-5.5", { input: 272_001 }, { serviceTier: "priority" })).toBeUndefined();
    expect(cost("anthropic", "claude-opus-5", { output: 1_000_000 }, { serviceTier: "priority" })).toBeUndefined();
    expect(cost("openai", "gpt-6.2-sol", { output: 1000 }, { serviceTier: "ultrafast", date: "2027-03-01" })).toBe(
      "0.06",
    );
  });

  test("what has no price is never free", () => {
    expect(cost("openai", "gpt-99", { input: 1 })).toBeUndefined();
    expect(cost("nobody", "gpt-4o", { input: 1 })).toBeUndefined();
    expect(cost("openai", "gpt-4o", { input: 1, input_audio: 1 })).toBeUndefined();
    expect(cost("openai", "gpt-6.1-sol", { cache_write_1h: 1 })).toBeUndefined();
    expect(cost("openai", "whisper-1", { input: 1 })).toBeUndefined();
    expect(cost("openai", "gpt-4o", { code_execution: 1 })).toBeUndefined();
  });

  test("audio is never billed as text", () => {
    const spoken = { input: 20, input_audio: 44, output: 9 };
    expect(cost("openai", "gpt-4o-audio-preview-2024-12-17", spoken)).toBe("0.0019");
    expect(cost("openai", "gpt-4o-audio-preview-2024-10-01", spoken)).toBeUndefined();
  });

  test("a later model does not take an earlier one's price", () => {
    expect(modelNamed(catalogue.names, "anthropic", "claude-sonnet-5-20260630")).toBe("claude-sonnet-5");
    expect(modelNamed(catalogue.names, "anthropic", "claude-sonnet-5-5[1m]")).toBe("claude-sonnet-5-5");
    expect(modelNamed(catalogue.names, "anthropic", "claude-sonnet-5-9")).toBeUndefined();
    expect(modelNamed(catalogue.names, "azure.ai.openai", "gpt-5.4-2026-03-05")).toBe("gpt-5.4");
  });

  test("every price names its source, its day and how sure it is", () => {
    expect(
      catalogue.points.filter(({ source, checked_on }) => source === "" || !/^\d{4}-\d\d-\d\d$/.test(checked_on)),
    ).toEqual([]);
    const sureOf = (provider: string, model: string, service_tier: string) =>
      catalogue.points.find(
        (point) => point.provider === provider && point.model === model && point.service_tier === service_tier,
      )?.confidence;
    expect(sureOf("anthropic", "claude-opus-5", "standard")).toBe("explicit");
    expect(sureOf("anthropic", "claude-opus-5", "batch")).toBe("derived");
    expect(sureOf("openai", "gpt-3.5-turbo", "standard")).toBe("stale");
  });

  test("is the same every time, each card once", async () => {
    expect(await loadCatalogue()).toEqual(catalogue);
    const keys = catalogue.cards.map((card) =>
      [card.provider, card.model, card.region, card.service_tier, card.valid_from].join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(catalogue.cards.map((card) => card.price_card_id)).size).toBe(keys.length);
  });
});
