import { describe, expect, it } from "vitest";
import { askForUsage } from "../src/ask.ts";

const openai = { baseURL: "https://api.openai.com/v1" };
const azure = "https://my-team.openai.azure.com/openai";

describe("asking a stream for its usage", () => {
  it("adds the option to a copy and keeps the other options and arguments", () => {
    const params = Object.freeze({ model: "gpt-6-sol", stream: true, stream_options: { include_obfuscation: false } });
    const options = { timeout: 5 };
    const asked = askForUsage([params, options], openai);
    expect(asked?.args).toEqual([
      { model: "gpt-6-sol", stream: true, stream_options: { include_obfuscation: false, include_usage: true } },
      options,
    ]);
    expect(asked?.args[1]).toBe(options);
    expect(params.stream_options).toEqual({ include_obfuscation: false });
  });

  it.each([
    ["nothing is streamed", { stream: false }, openai],
    ["the user asks already", { stream: true, stream_options: { include_usage: true } }, openai],
    [
      "Azure would refuse it beside its data sources",
      { stream: true, data_sources: [] },
      { baseURL: azure, apiVersion: "2025-04-01" },
    ],
    ["the host is not known to take it", { stream: true }, { baseURL: "http://127.0.0.1:8000/v1" }],
    ["the service reports usage in every stream", { stream: true }, { baseURL: "https://openrouter.ai/api/v1" }],
    [
      "the parameters know how to serialize themselves",
      new (class Parameters {
        stream = true;
      })(),
      openai,
    ],
    ["Azure's API is older than the option", { stream: true }, { baseURL: azure, apiVersion: "2024-08-01-preview" }],
    ["Azure's API version is unknown", { stream: true }, { baseURL: azure }],
  ])("does not where %s", (_, params, client) => {
    expect(askForUsage([params], client)).toBeUndefined();
  });

  it.each([
    { baseURL: azure, apiVersion: "2024-09-01-preview" },
    { baseURL: azure, apiVersion: "2025-04-01" },
    { baseURL: `${azure}/v1/` },
    { baseURL: azure, apiVersion: "preview" },
  ])("does on Azure where its API takes it: %o", (client) => {
    expect(askForUsage([{ stream: true }], client)).toBeDefined();
  });

  it("hides the chunk it asked for and no other", () => {
    const asked = askForUsage([{ stream: true }], openai);
    expect(asked?.hide({ choices: [], usage: { total_tokens: 3 } })).toBe(true);
    expect(asked?.hide({ choices: [{}], usage: { total_tokens: 3 } })).toBe(false);
    expect(asked?.hide({ choices: [], usage: null })).toBe(false);
  });

  it("leaves no trace of the question in the user's chunks", () => {
    const asked = askForUsage([{ stream: true }], openai);
    const ordinary = { choices: [{}], usage: null };
    const reporting = { choices: [{}], usage: { total_tokens: 3 } };
    asked?.restore(ordinary);
    asked?.restore(reporting);
    expect(ordinary).toEqual({ choices: [{}] });
    expect(reporting).toEqual({ choices: [{}], usage: { total_tokens: 3 } });
  });
});
