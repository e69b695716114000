import { defineAdapter, type ProviderAdapter } from "@tokenledger/core";
import { anthropicTracing } from "./native.ts";
import { operations } from "./operations.ts";

/** Observes `@anthropic-ai/sdk`, and with it the clients for Vertex AI and Bedrock that build on it. */
export const anthropic: ProviderAdapter = defineAdapter({
  id: "anthropic",
  provider: "anthropic",
  module: { name: "@anthropic-ai/sdk", versions: ">=0.60.0 <2" },
  native: anthropicTracing,
  operations,
});
