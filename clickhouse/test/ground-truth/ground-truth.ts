import type { LandingRow } from "../../src/index.ts";
import type { PlantedCall } from "./planted-call.ts";
import { forgetRuns, type Scenario } from "./scenario.ts";
import { scenariosOfAgents } from "./scenarios-of-agents.ts";
import { scenariosOfCalls } from "./scenarios-of-calls.ts";
import { scenariosOfContext } from "./scenarios-of-context.ts";
import { chanceOf } from "./texts.ts";
import { World } from "./world.ts";

/** Rows as they would land, and what is known of every call in them before any SQL has seen it. */
export interface GroundTruth {
  readonly rows: readonly LandingRow[];
  readonly calls: readonly PlantedCall[];
}

/** The window that holds all that is planted. */
export const plantedWindow = { from: "2026-06-01T00:00:00Z", to: "2026-06-09T00:00:00Z" } as const;

const scenarios: readonly Scenario[] = [...scenariosOfContext, ...scenariosOfAgents, ...scenariosOfCalls];

/**
 * A week of traces whose waste is planted: agents, customers and features, told by spans as core records them, at the
 * prices of catalogue.ts. The same seed gives the same world; prompts are known by the fingerprints of one key.
 */
export function groundTruth(seed: number): GroundTruth {
  process.env["TOKENLEDGER_FINGERPRINT_KEY"] ??= "ground truth";
  forgetRuns();
  const world = new World();
  const chance = chanceOf(seed);
  for (const scenario of scenarios) scenario(world, chance);
  return { rows: world.rows, calls: world.calls };
}
