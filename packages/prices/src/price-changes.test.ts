import { waitForUpdate } from "@pydantic/genai-prices";
import { beforeAll, describe, expect, test } from "vitest";
import { makeCatalogue } from "./catalogue.ts";
import { priceChanges } from "./price-changes.ts";
import { refreshedList } from "./refreshed.ts";

type Data = { id: string; models: { id: string; match: object; prices: object }[] }[];

let published: Data;
beforeAll(async () => {
  published = JSON.parse(JSON.stringify(await waitForUpdate())) as Data;
});
const refreshed = async (data: unknown) => ({
  path: "refreshed-prices.json",
  text: await refreshedList({ path: "data.json", text: JSON.stringify(data) }, "2026-11-22"),
});

describe("a refreshed list", () => {
  test("of the very data that is bundled changes no price", async () => {
    const after = await makeCatalogue({ refreshed: await refreshed(published) });
    expect(priceChanges(await makeCatalogue(), after, "2026-11-22")).toEqual([]);
    expect(after.sources[0]).toBe("genai-prices data of 2026-11-22 from data.json");
    expect(after.points.filter(({ source }) => source.includes("; compared with "))).toEqual([]);
  });

  test("shows each price that it changes, at every tier that follows it, and leaves reviewed prices alone", async () => {
    const changed = structuredClone(published);
    const groq = changed.find(({ id }) => id === "groq");
    groq?.models.unshift({
      id: "new-model",
      match: { equals: "new-model" },
      prices: { input_mtok: 1, output_mtok: 2 },
    });
    const openai = changed.find(({ id }) => id === "openai");
    openai?.models.forEach((model) => Object.assign(model, { prices: { input_mtok: 99 } }));
    const after = await makeCatalogue({ refreshed: await refreshed(changed) });
    const changes = priceChanges(await makeCatalogue(), after, "2026-11-22");
    expect(changes.find(({ model, component }) => model === "new-model" && component === "input")).toEqual({
      provider: "groq",
      model: "new-model",
      region: "",
      service_tier: "standard",
      component: "input",
      context_from: 0,
      before: null,
      after: "1",
    });
    const inputs = changes.filter(({ provider, component }) => provider === "openai" && component === "input");
    expect(inputs.some(({ model, service_tier }) => model === "gpt-4" && service_tier === "batch")).toBe(true);
    expect(inputs.some(({ model }) => model === "gpt-6.1-sol")).toBe(false);
  });

  test("that is cut short, or no price list at all, is refused", async () => {
    await expect(refreshed(published.slice(0, 3))).rejects.toThrow(/prices \d+ models where \d+ are known/);
    await expect(refreshed({ error: "not found" })).rejects.toThrow("must be a list of providers");
    await expect(refreshed([{ id: "openai", models: [{ id: "m" }] }])).rejects.toThrow(
      "[0].models[0].match: is missing",
    );
    const negative = structuredClone(published);
    negative[0]?.models.forEach((model) => Object.assign(model, { prices: { input_mtok: -1 } }));
    await expect(refreshed(negative)).rejects.toThrow("no number: -1");
  });
});
