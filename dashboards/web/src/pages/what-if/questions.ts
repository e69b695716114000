/** A question of what calls would have cost otherwise, and the view that answers it. */
export interface Question {
  readonly key: "model" | "cache" | "batch" | "tier" | "history" | "tools" | "dedupe";
  readonly title: string;
  /** What is asked, in a sentence. */
  readonly asks: string;
  readonly view: string;
  /** Where its answer is but a bound or rests on estimated sizes, why. */
  readonly estimated?: string;
}

/** All of them, in the order in which they are offered. */
export const questions: readonly [Question, ...Question[]] = [
  {
    key: "model",
    title: "Another model",
    asks: "What would the same calls have cost on another model?",
    view: "what_if_model",
  },
  {
    key: "cache",
    title: "Caching",
    asks: "What would prompts have cost with another plan of caching?",
    view: "what_if_cache",
    estimated: "a simulation: from breakpoints behind tools, system prompt and every prompt, up to the best ones",
  },
  {
    key: "batch",
    title: "Batches",
    asks: "What would calls that nobody waited for have cost in batches?",
    view: "what_if_batch",
  },
  {
    key: "tier",
    title: "Service tier",
    asks: "What would the same calls have cost on another service tier?",
    view: "what_if_tier",
  },
  {
    key: "history",
    title: "Shorter history",
    asks: "What if prompts carried only so many turns of history, or a summary of the rest?",
    view: "what_if_history",
  },
  {
    key: "tools",
    title: "Fewer tools",
    asks: "What if tools that an agent never asks for were not offered to it?",
    view: "what_if_tools",
    estimated: "sizes of definitions are estimated, and may be off by a quarter",
  },
  {
    key: "dedupe",
    title: "Answers from memory",
    asks: "What if a prompt that had just been answered were answered from memory?",
    view: "what_if_dedupe",
  },
];

/** Service tiers that the views know. */
export const tiers = ["batch", "flex", "priority", "fast", "standard"] as const;

/** How long a cache keeps what is written, with the plans of `what_if_cache` between which it lies. */
export const lifetimes = [
  { key: "5m", title: "five minutes", plan: "5m", best: "best 5m" },
  { key: "1h", title: "an hour", plan: "1h", best: "best 1h" },
  { key: "none", title: "never: no cache at all", plan: "none", best: "none" },
] as const;

/** The question that answers a measure of the view `savings` alone. */
export const questionOfMeasure = (measure: string): string => measure.split(" ")[0] ?? measure;
