import type { Dialogue } from "./conversation.ts";
import type { Place } from "./planted-call.ts";
import { type Chance, prose } from "./texts.ts";
import type { World } from "./world.ts";

/** Plants one kind of waste. */
export type Scenario = (world: World, chance: Chance) => void;

/** A text of about so many tokens: up to a tenth more, by chance. */
export const text = (chance: Chance, tokens: number): string => prose(chance, tokens + chance(tokens / 10));

let runs = 0;

/** A run of an agent of its own, for a customer and a feature. */
export function place(agent: string, rest: Partial<Place> = {}): Place {
  runs += 1;
  const run = `${agent}-${runs}`;
  return {
    agent,
    path: [agent],
    run,
    parentRun: "",
    customer: "acme",
    feature: "support",
    task: `task-${run}`,
    conversation: `conversation-${run}`,
    ...rest,
  };
}

/** Numbers runs from 1 again, so that a seed gives the same world every time. */
export function forgetRuns(): void {
  runs = 0;
}

const opus = { provider: "anthropic", model: "claude-opus-4-6" } as const;
export const gpt = { provider: "openai", model: "gpt-5.4" } as const;

/** A dialogue with opus. */
export const withOpus = (where: Place, rest: Omit<Partial<Dialogue>, "place"> = {}): Dialogue => ({
  ...opus,
  place: where,
  ...rest,
});
