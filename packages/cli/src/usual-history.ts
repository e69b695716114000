/** How much history the savings of `waste`, `whatif` and the page keep, unless told otherwise: calls, and tokens of a summary. */
export const usualHistory: { readonly turns: number; readonly summary_tokens: number } = {
  turns: 10,
  summary_tokens: 1000,
};
