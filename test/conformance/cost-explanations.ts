/** Why the ledger's amount is the right one where another project arrives at a different one. */
export interface Explanation {
  /** What the ledger says, in USD: any other amount is a difference again. */
  readonly ledger: string;
  readonly why: string;
}

/** By interaction. Every row was looked at; one that the data no longer needs can go. */
export const explanations: Readonly<Record<string, Explanation>> = {
  "pydantic-ai-e9a0d5b47bfc": {
    ledger: "0.038527",
    why: "one web search at $0.01; the other project's sums are of input and output tokens alone",
  },
  "pydantic-ai-07e770af0f81": {
    ledger: "0.0019",
    why: "44 audio tokens at $40 per million; the other project has no audio price for the model and bills them as text",
  },
};
