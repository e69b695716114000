import { createHash } from "node:crypto";
import { CHARACTERS_PER_TOKEN, tokensOf, type CacheLifetime, type Segment } from "./prompt.ts";

export interface CacheUse {
  readonly read: number;
  readonly write5m: number;
  readonly write1h: number;
}

const NOTHING: CacheUse = { read: 0, write5m: 0, write1h: 0 };
const LIFETIMES_MS: Record<CacheLifetime, number> = { "5m": 5 * 60_000, "1h": 60 * 60_000 };

/**
 * Anthropic's prompt cache: a prefix is written where a block carries `cache_control`, read back when
 * an earlier request wrote exactly that prefix, and kept alive by being read.
 *
 * Rules (platform.claude.com, "Prompt caching", November 2026): at most four breakpoints; longer
 * lifetimes come first; a read looks back at most 20 blocks from a breakpoint; a prefix shorter than
 * the model's minimum is neither written nor read, in silence; what lies between the longest read and
 * the last 1-hour breakpoint is a 1-hour write, the rest up to the last breakpoint a 5-minute one.
 */
export class BreakpointCache {
  readonly #now: () => number;
  readonly #entries = new Map<string, { expires: number; lifetime: CacheLifetime }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Reads and writes of one request, applied at once. */
  use(model: string, segments: readonly Segment[]): CacheUse {
    const prefixes = prefixesOf(model, segments);
    const marks = prefixes.filter((prefix) => prefix.writeFor && prefix.tokens >= minimumTokens(model));
    const last = marks.at(-1);
    if (!last) return NOTHING;
    const read = this.#longestRead(prefixes, marks)?.tokens ?? 0;
    const lastLong = marks.findLast((prefix) => prefix.writeFor === "1h")?.tokens ?? 0;
    for (const mark of marks) this.#write(mark.key, mark.writeFor ?? "5m");
    return {
      read,
      write1h: Math.max(0, lastLong - read),
      write5m: Math.max(0, last.tokens - Math.max(read, lastLong)),
    };
  }

  #longestRead(prefixes: readonly Prefix[], marks: readonly Prefix[]): Prefix | undefined {
    for (const mark of marks.toReversed()) {
      const lookback = prefixes.slice(Math.max(0, mark.index - 20), mark.index + 1);
      const found = lookback.findLast((prefix) => this.#isAlive(prefix.key));
      if (!found) continue;
      const entry = this.#entries.get(found.key);
      if (entry) this.#write(found.key, entry.lifetime);
      return found;
    }
    return undefined;
  }

  #isAlive(key: string): boolean {
    return (this.#entries.get(key)?.expires ?? 0) > this.#now();
  }

  #write(key: string, lifetime: CacheLifetime): void {
    const kept = this.#isAlive(key) && this.#entries.get(key)?.lifetime === "1h" ? "1h" : lifetime;
    this.#entries.set(key, { lifetime: kept, expires: this.#now() + LIFETIMES_MS[kept] });
  }
}

/** Why the API would refuse these breakpoints, if it would. */
export function breakpointError(segments: readonly Segment[]): string | undefined {
  const lifetimes = segments.flatMap((segment) => segment.writeFor ?? []);
  if (lifetimes.length > 4) {
    return `A maximum of 4 blocks with cache_control may be provided. Found ${lifetimes.length}.`;
  }
  return lifetimes.lastIndexOf("1h") > lifetimes.indexOf("5m") && lifetimes.includes("5m")
    ? "A ttl='1h' cache_control block must not come after a ttl='5m' cache_control block."
    : undefined;
}

interface Prefix {
  readonly index: number;
  readonly key: string;
  readonly tokens: number;
  readonly writeFor: CacheLifetime | undefined;
}

function prefixesOf(model: string, segments: readonly Segment[]): Prefix[] {
  const hash = createHash("sha256").update(model);
  let tokens = 0;
  return segments.map((segment, index) => {
    hash.update(`\0${segment.text}`);
    tokens += tokensOf(segment.text);
    return { index, key: hash.copy().digest("base64"), tokens, writeFor: segment.writeFor };
  });
}

/** Tokens below which Anthropic caches nothing, by model. */
function minimumTokens(model: string): number {
  if (/opus-4-[56]|haiku-4-5/.test(model)) return 4096;
  if (/opus-4-7|haiku-3|3-5-haiku|3-haiku/.test(model)) return 2048;
  return 1024;
}

const OPENAI_MINIMUM = 1024;
const OPENAI_STEP = 128;
const OPENAI_STEP_LENGTH = OPENAI_STEP * CHARACTERS_PER_TOKEN;
const OPENAI_IDLE_MS = 10 * 60_000;

/**
 * OpenAI's prompt cache: automatic, from 1,024 tokens, in steps of 128, per model and
 * `prompt_cache_key`; entries live while they are used (ten idle minutes here).
 */
export class AutomaticCache {
  readonly #now: () => number;
  readonly #expires = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tokens of this prompt that an earlier one left in the cache. */
  use(scope: string, segments: readonly Segment[]): number {
    const text = segments.map((segment) => segment.text).join("");
    const steps = Math.floor(text.length / OPENAI_STEP_LENGTH);
    const hash = createHash("sha256").update(scope);
    let read = 0;
    for (let step = 0; step < steps; step += 1) {
      hash.update(text.slice(step * OPENAI_STEP_LENGTH, (step + 1) * OPENAI_STEP_LENGTH));
      const key = hash.copy().digest("base64");
      if ((this.#expires.get(key) ?? 0) > this.#now()) read = (step + 1) * OPENAI_STEP;
      this.#expires.set(key, this.#now() + OPENAI_IDLE_MS);
    }
    return read >= OPENAI_MINIMUM ? read : 0;
  }
}
