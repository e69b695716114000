/** Why a token was paid for: the causes of `explain_calls`, in their order. */
export interface Cause {
  readonly key: string;
  readonly label: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
  /** Which colours it has: kinds of causes share a hue. */
  readonly family: "waste" | "cache" | "context" | "tools" | "input" | "output" | "unknown";
}

/** All causes, in the order in which they apply. */
export const causes: readonly Cause[] = [
  cause("failed_attempt", "failed attempts", "Calls that failed or whose answers were abandoned.", "waste"),
  cause("exact_duplicate", "exact duplicates", "Calls whose very prompt had been answered within the hour.", "waste"),
  cause("expired_cache_rewrite", "expired cache rewrites", "It had been in the cache and had expired.", "waste"),
  cause("re_read_in_full", "re-reads in full", "Read for an answer before, and paid in full again.", "waste"),
  cause("re_read_from_cache", "re-reads from the cache", "Read before, at the price of a cache.", "cache"),
  cause("cache_write", "cache writes", "Written to the cache for the first time.", "cache"),
  cause("handed_over_context", "handed-over context", "Another agent had read or said it before.", "context"),
  cause("unused_tool_definitions", "unused tool definitions", "Tools offered that nobody asked for.", "waste"),
  cause("tool_definitions", "tool definitions", "Tools offered, and asked for.", "tools"),
  cause("retrieved_context", "retrieved context", "Documents that were looked up.", "context"),
  cause("tool_results", "tool results", "What tools answered.", "tools"),
  cause("new_input", "new input", "What was read for the first time.", "input"),
  cause("reasoning", "reasoning", "Output that nobody sees.", "output"),
  cause("visible_output", "visible output", "The answers themselves.", "output"),
  cause("tool_fee", "tool fees", "Searches, sessions and fees per request.", "tools"),
  cause("unexplained", "unexplained", "No record says how the prompt was made, or it is not explained yet.", "unknown"),
];

/** A cause by its name in the ledger; one that is newer than this page stands for itself. */
export const causeOf = (key: string): Cause =>
  byKey.get(key) ?? { key, label: key.replaceAll("_", " "), meaning: "", family: "unknown" };

/** Name of the colour of a cause in the style sheet. */
export const causeColourName = (key: string): string =>
  `--cause-${(byKey.has(key) ? key : "unexplained").replaceAll("_", "-")}`;

/** CSS colour of a cause. */
export const causeColour = (key: string): string => `var(${causeColourName(key)})`;

const byKey = new Map(causes.map((one) => [one.key, one]));

function cause(key: string, label: string, meaning: string, family: Cause["family"]): Cause {
  return { key, label, meaning, family };
}
