/** What to do, in the words of whoever does it: the measures of the view `savings`. */
export const measureNames: Readonly<Record<string, string>> = {
  dedupe: "Answer repeated prompts from memory",
  "cache 5m": "Cache prompts for five minutes",
  "cache 1h": "Cache prompts for an hour",
  tools: "Leave out definitions of tools that are never asked for",
  history: "Cut old history",
  batch: "Send calls that can wait in batches",
};
