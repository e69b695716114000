import type { Expected } from "../harness/expected.ts";
import { priceTool } from "./content.mjs";

/** Agents and tools of the conversation with the Vercel AI SDK, by the names it was given to trace them under. */
export const vercelAiAgents: Required<Pick<Expected, "agents" | "tools" | "callers">> = {
  agents: [
    "greeter",
    "greeter",
    "seller",
    "nurse",
    "thinker",
    "thinker",
    "greeter",
    "clerk",
    "clerk",
    "agent",
    "greeter",
  ],
  tools: [priceTool.name, priceTool.name, priceTool.name],
  callers: [
    "greeter",
    "greeter",
    "seller",
    "seller",
    "nurse",
    "nurse",
    "thinker",
    "thinker",
    "greeter",
    "clerk",
    "clerk",
    "archivist",
    "archivist",
    "agent",
    "agent",
    "greeter",
  ],
};
