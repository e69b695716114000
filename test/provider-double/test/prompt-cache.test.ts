import { describe, expect, it } from "vitest";
import { breakpointError, BreakpointCache } from "../src/prompt-cache.ts";
import type { CacheLifetime, Segment } from "../src/prompt.ts";

const MINUTE = 60_000;
const MODEL = "claude-sonnet-4-5";

/** A segment of a thousand tokens. */
const block = (letter: string, writeFor?: CacheLifetime): Segment => ({
  text: letter.repeat(4000),
  ...(writeFor && { writeFor }),
});

function cacheAt(): { cache: BreakpointCache; wait: (minutes: number) => void } {
  let now = 0;
  return { cache: new BreakpointCache(() => now), wait: (minutes) => void (now += minutes * MINUTE) };
}

describe("Anthropic's prompt cache", () => {
  it("writes each lifetime up to its own breakpoint, and reads the whole prefix next time", () => {
    const { cache } = cacheAt();
    const prompt = [block("a"), block("b", "1h"), block("c", "5m"), block("d")];
    expect(cache.use(MODEL, prompt)).toEqual({ read: 0, write1h: 2000, write5m: 1000 });
    expect(cache.use(MODEL, prompt)).toEqual({ read: 3000, write1h: 0, write5m: 0 });
  });

  it("pays for the 5-minute part again once it has expired, and still reads the 1-hour part", () => {
    const { cache, wait } = cacheAt();
    const prompt = [block("a"), block("b", "1h"), block("c", "5m")];
    cache.use(MODEL, prompt);
    wait(6);
    expect(cache.use(MODEL, prompt)).toEqual({ read: 2000, write1h: 0, write5m: 1000 });
    wait(61);
    expect(cache.use(MODEL, prompt)).toEqual({ read: 0, write1h: 2000, write5m: 1000 });
  });

  it("keeps an entry alive by reading it", () => {
    const { cache, wait } = cacheAt();
    const prompt = [block("a"), block("b", "5m")];
    cache.use(MODEL, prompt);
    wait(4);
    cache.use(MODEL, prompt);
    wait(4);
    expect(cache.use(MODEL, prompt).read).toBe(2000);
  });

  it("reads a shorter prefix when the conversation has grown, and writes only the growth", () => {
    const { cache } = cacheAt();
    cache.use(MODEL, [block("a"), block("b", "5m")]);
    const grown = [block("a"), block("b"), block("c"), block("d", "5m")];
    expect(cache.use(MODEL, grown)).toEqual({ read: 2000, write1h: 0, write5m: 2000 });
  });

  it("looks back 20 blocks from a breakpoint and no further", () => {
    const { cache } = cacheAt();
    cache.use(MODEL, [block("a"), block("b", "5m")]);
    const far = [block("a"), block("b"), ...Array.from({ length: 20 }, () => block("c")), block("d", "5m")];
    expect(cache.use(MODEL, far).read).toBe(0);
  });

  it.each([
    ["claude-sonnet-4-5", 1000, 0],
    ["claude-sonnet-4-5", 1024, 1024],
    ["claude-opus-4-6", 4095, 0],
    ["claude-haiku-4-5", 4096, 4096],
  ])("on %s writes a prefix of %i tokens as %i", (model, tokens, written) => {
    const { cache } = cacheAt();
    const prompt: Segment[] = [{ text: "x".repeat(tokens * 4), writeFor: "5m" }];
    expect(cache.use(model, prompt).write5m).toBe(written);
  });

  it("shares nothing between models", () => {
    const { cache } = cacheAt();
    const prompt = [block("a"), block("b", "5m")];
    cache.use(MODEL, prompt);
    expect(cache.use("claude-sonnet-4", prompt).read).toBe(0);
  });

  it("refuses a fifth breakpoint, and a longer lifetime after a shorter one", () => {
    expect(breakpointError(Array.from({ length: 5 }, () => block("a", "5m")))).toMatch(/maximum of 4/);
    expect(breakpointError([block("a", "5m"), block("b", "1h")])).toMatch(/must not come after/);
    expect(breakpointError([block("a", "1h"), block("b", "5m")])).toBeUndefined();
  });
});
