import { atLeast, compact, duration } from "../data/money.ts";
import type { Layer } from "./growth.ts";
import type { Turn } from "./turn.ts";

/** A turn in a line: when, how large, of what, and what it cost. */
export function lineOf(turn: Turn, layers: readonly Layer[]): string {
  const parts = layers
    .filter(({ column }) => Number(turn[column] ?? 0) > 0)
    .map(({ column, name }) => `${name.toLowerCase()} ${compact(turn[column])}`);
  return [
    `Turn ${turn.turn} of ${turn.agent_name || "no agent"}, ${turn.started_at.slice(11, 19)} UTC`,
    turn.input_tokens === null ? "no usage reported" : `${compact(turn.input_tokens)} tokens in: ${parts.join(", ")}`,
    ...(turn.idle_ms === null ? [] : [`${idleText(turn.idle_ms)} after the one before`]),
    costText(turn),
  ].join(" · ");
}

export const costText = (turn: Turn): string => atLeast(turn.known_cost_usd, turn.cost_usd === null);

/** How long a gap was: `47 min`, `3 h 05 min`. */
export function idleText(milliseconds: number): string {
  if (milliseconds < 3_600_000) return duration(milliseconds * 1e6);
  const minutes = Math.round(milliseconds / 60_000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
