/** Why the ledger's amount is the right one where another project arrives at a different one. */
export interface Explanation {
  /** What the ledger says, in USD: any other amount is a difference again. */
  readonly ledger: string;
  readonly why: string;
}

/** By interaction. Every row was looked at; one that the data no longer needs can go. */
export const explanations: Readonly<Record<string, Explanation>> = {};
