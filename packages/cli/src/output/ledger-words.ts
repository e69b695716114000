const reasons: Readonly<Record<string, string>> = {
  "no usage": "no usage was reported",
  "no output tokens": "no output count was reported",
  "no input tokens": "no input count was reported",
  "no model": "the price catalogue does not know the model",
};

/** Why a call has no price, by `reason` of the view `price_coverage`. */
export const reasonText = (reason: string): string => reasons[reason] ?? reason;

/** A cause as people say it, by `cause` of the views. */
export const causeText = (cause: string): string => cause.replaceAll("_", " ");
