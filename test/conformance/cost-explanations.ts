import type { Comparison } from "./cost-comparison.ts";

/** Why the ledger's amount is the right one where another project arrives at a different one. */
export interface Explanation {
  /** What the ledger says, in USD, `null`: unpriced. Any other answer is a difference again. */
  readonly ledger: string | null;
  readonly why: string;
}

const freeForWantOfAPrice =
  "the other project has the model without any price and counts it as free; unknown is not zero";
const movedToMedium35 =
  "mistral-medium-latest is Medium 3.5 since 2026-06-16, at $1.50 and $7.50; the other project's data of that day still had Medium 3's price";

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
  "pydantic-ai-b2d56ca069fd": { ledger: null, why: freeForWantOfAPrice },
  "pydantic-ai-05c7b86ea2c8": { ledger: null, why: freeForWantOfAPrice },
  "pydantic-ai-15015eab3244": {
    ledger: null,
    why: "the name was retired on 2026-07-24, before the day that is compared; the other project still has V3 and R1's prices by the hour",
  },
  "pydantic-ai-4788adee028c": {
    ledger: "0.0000051",
    why: "ministral-8b-latest is Ministral 3 8B since 2025-12-02, at $0.15 each way; the other project's data of that day took the output at $1",
  },
  "pydantic-ai-067e07f0a1bd": { ledger: "0.0001515", why: movedToMedium35 },
  "pydantic-ai-18ebb896cedc": { ledger: "0.0014595", why: movedToMedium35 },
};

/** The same for worked examples that are priced with the shipped prices. */
export const exampleExplanations: Readonly<Record<string, Explanation>> = {
  S04: {
    ledger: null,
    why: "one search through OpenRouter, whose fee depends on the engine that it chose, which no answer says",
  },
  S10: {
    ledger: null,
    why: "the name was retired on 2026-07-24, before the month of the example; its prices by the hour ended in 2025",
  },
};

/** A difference is fine where the table says why, and the ledger's amount is the one it says. */
export function explained(compared: Comparison, table: Readonly<Record<string, Explanation>>): Comparison {
  const explanation = table[compared.id];
  if (compared.agrees || !explanation) return compared;
  const { ledger, why } = explanation;
  const agrees =
    ledger === null || compared.ledger === null
      ? ledger === compared.ledger
      : Number(ledger) === Number(compared.ledger);
  return { ...compared, agrees, note: agrees ? why : `explained for ${ledger ?? "no price"} only` };
}
