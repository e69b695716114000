/** A kind of waste that a view of its own finds. */
export interface NamedWaste {
  readonly view: string;
  readonly title: string;
  /** What the figure is, in a sentence. */
  readonly question: string;
  /** Columns of money whose sums are shown; the first is the figure. */
  readonly figures: readonly WasteFigure[];
  /** Columns that count what has no price or no usage: the figure is the least it can be then. */
  readonly unknown: readonly string[];
  /** Columns that name a row. */
  readonly names: readonly string[];
  readonly links: {
    /** Column that holds the trace to look at. */
    readonly trace?: string;
    /** Cause under which its calls stand. */
    readonly cause?: string;
    /** Which question of the what-if page answers what ending it would save. */
    readonly whatIf?: string;
  };
  /** What to do about it. */
  readonly advice: string;
}

interface WasteFigure {
  readonly column: string;
  /** What it is, behind the amount. */
  readonly title: string;
  /** Whether it rests on estimated sizes. */
  readonly isEstimate: boolean;
}

const exact = (column: string, title: string): WasteFigure => ({ column, title, isEstimate: false });
const estimate = (column: string, title: string): WasteFigure => ({ column, title, isEstimate: true });

/** All of them, those that are ended most easily first. */
export const namedWastes: readonly NamedWaste[] = [
  {
    view: "duplicate_calls",
    title: "Asked twice",
    question: "Prompts that had just been answered, and tools asked the same again.",
    figures: [exact("known_cost_usd", "for repetitions")],
    unknown: ["unpriced"],
    names: ["name", "agent_name"],
    links: { trace: "dearest_trace_id", cause: "exact_duplicate", whatIf: "dedupe" },
    advice: "Answer an exact repetition from memory.",
  },
  {
    view: "near_duplicate_calls",
    title: "Asked almost twice",
    question: "Calls that differ in a few words from one in the hour before, and tools that answered the same again.",
    figures: [estimate("known_cost_usd", "for near repetitions")],
    unknown: ["unpriced"],
    names: ["name", "agent_name"],
    links: { trace: "dearest_trace_id" },
    advice: "Look for a loop that asks the same in other words, or a date in the prompt.",
  },
  {
    view: "retry_cost",
    title: "Failed and abandoned",
    question: "Calls that failed, or whose answers nobody read to the end.",
    figures: [exact("known_cost_usd", "for such calls")],
    unknown: ["unpriced_calls"],
    names: ["model", "agent_name"],
    links: { cause: "failed_attempt" },
    advice: "End streams that nobody reads, and bound what is tried again.",
  },
  {
    view: "cache_profit_and_loss",
    title: "Lost at the cache",
    question: "Discounts that a cache would have given, and what it was written for in vain or again.",
    figures: [
      exact("missed_discount_usd", "of discounts missed"),
      exact("rewrite_loss_usd", "lost by writing what had expired again"),
      estimate("never_read_premium_usd_estimated", "for writing what was never read"),
      exact("net_saving_usd", "saved by caching in all"),
    ],
    unknown: ["unpriced_calls"],
    names: ["model", "agent_name", "ttl"],
    links: { cause: "re_read_in_full", whatIf: "cache" },
    advice: "Put what never changes first with a breakpoint behind it, and keep it as long as calls are apart.",
  },
  {
    view: "context_tax_by_turn",
    title: "Context read again",
    question: "What turns pay for context that had been read before.",
    figures: [
      exact("re_read_in_full_known_cost_usd", "paid in full again"),
      exact("rewritten_known_cost_usd", "to write it again after it expired"),
      exact("re_read_from_cache_known_cost_usd", "to read it from the cache"),
    ],
    unknown: ["unpriced", "calls_without_usage"],
    names: ["agent_name", "turn"],
    links: { cause: "re_read_in_full", whatIf: "history" },
    advice: "Cache the growing prompt, or cut history that is no longer needed.",
  },
  {
    view: "tool_result_cost",
    title: "Tool results carried along",
    question: "Results of tools in all the turns after they were first read.",
    figures: [
      estimate("carried_known_cost_usd_estimated", "to carry them along"),
      estimate("first_known_cost_usd_estimated", "to read them first"),
    ],
    unknown: ["unpriced", "results_without_usage"],
    names: ["tool_name", "agent_name"],
    links: { cause: "tool_results", whatIf: "history" },
    advice: "Shorten results where the tool makes them, and drop old ones.",
  },
  {
    view: "unused_tool_definitions",
    title: "Tools nobody asks for",
    question: "Definitions of tools in runs that did not use them.",
    figures: [estimate("known_cost_usd_estimated", "for offering them")],
    unknown: ["unpriced", "calls_without_usage"],
    names: ["tool_name", "agent_name"],
    links: { cause: "unused_tool_definitions", whatIf: "tools" },
    advice: "Offer a tool where it may be needed, not everywhere.",
  },
  {
    view: "unused_retrieval",
    title: "Retrieved and not used",
    question: "Documents that were looked up and of which the answer repeats nothing.",
    figures: [
      estimate("unused_known_cost_usd_estimated", "for what is unused"),
      estimate("carried_known_cost_usd_estimated", "to carry documents along"),
    ],
    unknown: ["unpriced", "calls_without_usage"],
    names: ["agent_name", "feature_name"],
    links: { cause: "retrieved_context" },
    advice: "Retrieve fewer and shorter passages; rank them before they are read.",
  },
  {
    view: "runaway_loops",
    title: "Runaway loops",
    question: "Runs that went on for far longer, or spent far more, than usual.",
    figures: [exact("excess_known_cost_usd", "above the median run")],
    unknown: ["unpriced_calls"],
    names: ["agent_name", "reason"],
    links: { trace: "trace_id" },
    advice: "Bound the steps of a run, and look at what these were after.",
  },
  {
    view: "verbose_output",
    title: "Long answers",
    question: "Answers more than twice as long as the median of their agent.",
    figures: [exact("excess_known_cost_usd", "above the median answer")],
    unknown: ["unpriced", "calls_without_usage"],
    names: ["agent_name", "model"],
    links: { cause: "visible_output" },
    advice: "Ask for the form you need, and bound the length of answers.",
  },
  {
    view: "reasoning_share",
    title: "Reasoning",
    question: "Output that nobody sees; how much of it is needed, no ledger knows.",
    figures: [
      exact("reasoning_known_cost_usd", "for reasoning"),
      exact("visible_known_cost_usd", "for visible output"),
    ],
    unknown: ["unpriced", "calls_without_usage", "calls_not_telling"],
    names: ["model", "agent_name"],
    links: { cause: "reasoning" },
    advice: "Ask for less effort where answers are as good with it.",
  },
  {
    view: "structure_share",
    title: "Brackets, quotes and tags",
    question: "Marks in prompts and answers that carry no content.",
    figures: [estimate("structure_known_cost_usd_estimated", "for structure")],
    unknown: ["unpriced", "pieces_without_usage"],
    names: ["part", "agent_name"],
    links: {},
    advice: "Send tables as lines of values, and leave out fields that nobody reads.",
  },
];
