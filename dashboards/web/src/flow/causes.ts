/** Why a token was paid for, in a sentence: the causes of `explain_calls`, in the order in which they apply. */
const meanings = new Map(
  Object.entries({
    failed_attempt: "Calls that failed or whose answers were abandoned.",
    exact_duplicate: "Calls whose very prompt had been answered within the hour.",
    expired_cache_rewrite: "It had been in the cache and had expired.",
    re_read_in_full: "Read for an answer before, and paid in full again.",
    re_read_from_cache: "Read before, at the price of a cache.",
    cache_write: "Written to the cache for the first time.",
    handed_over_context: "Another agent had read or said it before.",
    unused_tool_definitions: "Tools offered that nobody asked for.",
    tool_definitions: "Tools offered, and asked for.",
    retrieved_context: "Documents that were looked up.",
    tool_results: "What tools answered.",
    new_input: "What was read for the first time.",
    reasoning: "Output that nobody sees.",
    visible_output: "The answers themselves.",
    tool_fee: "Searches, sessions and fees per request.",
    unexplained: "No record says how the prompt was made, or it is not explained yet.",
  }),
);

/** What a cause means; nothing is said of one that is newer than this page. */
export const causeMeaning = (cause: string): string => meanings.get(cause) ?? "";

/** Name of the colour of a cause in the style sheet. */
export const causeColourName = (cause: string): string =>
  `--cause-${(meanings.has(cause) ? cause : "unexplained").replaceAll("_", "-")}`;

/** CSS colour of a cause. */
export const causeColour = (cause: string): string => `var(${causeColourName(cause)})`;
