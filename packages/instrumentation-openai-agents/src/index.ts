import { type InstrumentationClass, type ModulePatch, patchingInstrumentation } from "@tokenledger/core";
import manifest from "../package.json" with { type: "json" };
import { patchAgents } from "./patch-agents.ts";

/** What is patched, for the support table and `doctor`. */
export const openaiAgents: ModulePatch = {
  id: "openai-agents",
  // `@openai/agents` re-exports this package, and it is there for those who use it alone.
  module: { name: "@openai/agents-core", versions: ">=0.16.1 <1" },
  patch: patchAgents,
};

/**
 * Shows the agents of the OpenAI Agents SDK as structure: a span for each agent run and each tool
 * call, and every model call under the agent that made it. Bills nothing: the model calls are billed
 * by the instrumentation of the SDK that makes them.
 */
export const OpenAIAgentsInstrumentation: InstrumentationClass = patchingInstrumentation(
  openaiAgents,
  manifest.version,
);
