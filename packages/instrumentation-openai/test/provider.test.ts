import { describe, expect, it } from "vitest";
import { providerOf } from "../src/provider.ts";

describe("the provider of a client", () => {
  it.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://eu.api.openai.com/v1", "openai"],
    ["https://my-team.openai.azure.com/openai", "azure.ai.openai"],
    ["https://my-team.services.ai.azure.com/openai/v1/", "azure.ai.openai"],
    ["https://us-central1-aiplatform.googleapis.com/v1/projects/p/endpoints/openapi", "gcp.vertex_ai"],
    ["https://generativelanguage.googleapis.com/v1beta/openai/", "gcp.gemini"],
    ["https://bedrock-mantle.us-east-1.api.aws.amazonaws.com/v1", "aws.bedrock"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://api.x.ai/v1", "x_ai"],
  ])("at %s is %s", (baseURL, provider) => {
    expect(providerOf({ baseURL })).toBe(provider);
  });

  it.each([
    "http://127.0.0.1:11434/v1",
    "https://llm.example.com/v1",
    "https://openai.com.example.org/v1",
    "not a url",
  ])("at an unknown host is left to the default: %s", (baseURL) => {
    expect(providerOf({ baseURL })).toBeUndefined();
  });

  it("behind a gateway is Azure's where the client speaks Azure's dated API", () => {
    expect(providerOf({ baseURL: "https://gateway.example.com/openai", apiVersion: "2025-04-01" })).toBe(
      "azure.ai.openai",
    );
  });
});
