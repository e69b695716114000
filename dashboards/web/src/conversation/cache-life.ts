import type { Turn } from "./turn.ts";

const minutes: Readonly<Record<string, number>> = { "5m": 5, "30m": 30, "1h": 60, "12h": 720 };

/** What became of the cache between one call of an agent and its next. */
export interface Gap {
  /** Places of the earlier and of the later turn. */
  readonly from: number;
  readonly to: number;
  readonly idleMs: number;
  /** For how long the cache kept what was in it; undefined where nobody said. */
  readonly keptMs: number | undefined;
  /** Tokens that were in the cache before, as far as the earlier call read or wrote them. */
  readonly cachedTokens: number;
  /** Which part of the gap the cache lived through, from 0 to 1. */
  readonly alive: number;
  /** Tokens that had to be written again, and what that cost above reading them, as a decimal string. */
  readonly rewrittenTokens: number;
  readonly lossUsd: string;
}

/** The gaps between calls of one agent, where something was cached before them. */
export function gapsOf(turns: readonly Turn[]): readonly Gap[] {
  const before = new Map<string, number>();
  return turns.flatMap((turn, index) => {
    const context = `${turn.conversation_id} ${turn.agent_name}`;
    const from = before.get(context) ?? -1;
    before.set(context, index);
    const earlier = turns[from];
    if (earlier === undefined || turn.idle_ms === null) return [];
    const cachedTokens = Number(earlier.cache_read_tokens ?? 0) + Number(earlier.cache_write_tokens ?? 0);
    if (cachedTokens === 0) return [];
    const kept = minutes[earlier.kept_for];
    const keptMs = kept === undefined ? undefined : kept * 60_000;
    return {
      from,
      to: index,
      idleMs: turn.idle_ms,
      keptMs,
      cachedTokens,
      alive: keptMs === undefined || turn.idle_ms <= keptMs ? 1 : keptMs / turn.idle_ms,
      rewrittenTokens: Number(turn.rewritten_tokens ?? 0),
      lossUsd: turn.rewrite_loss_usd,
    };
  });
}
