import { UsageError } from "../usage-error.ts";
import { amountIn, type Bill, bucketsOf, pagesIn, resultsOf, textIn, unfinished } from "./bill.ts";

/**
 * Reads what `GET /v1/organizations/cost_report?group_by[]=description` of Anthropic answers: buckets of a day whose
 * amounts are in cents.
 *
 * @throws UsageError where the file is none
 */
export function readAnthropicCosts(file: string, text: string): Bill {
  const pages = pagesIn(file, text);
  const buckets = bucketsOf(pages).map((bucket) => {
    const day = textIn(bucket, "starting_at").slice(0, 10);
    if (day === "") throw new UsageError(`${file}: a bucket has no starting_at: this is no cost report`);
    return { day, results: resultsOf(bucket) };
  });
  const lines = buckets.flatMap(({ day, results }) =>
    results.map((result) => {
      if (result["amount"] === undefined)
        throw new UsageError(`${file}: a result has no amount: this is the usage report; the cost report is compared`);
      const cents = amountIn(file, result["amount"], result["currency"]);
      const parts = ["token_type", "cost_type", "service_tier", "context_window", "inference_geo", "speed"];
      return {
        day,
        model: textIn(result, "model"),
        item: textIn(result, "description") || parts.flatMap((part) => textIn(result, part) || []).join(" "),
        amount: cents.amount / 100n,
        decimals: cents.decimals + 2,
      };
    }),
  );
  const grouped = lines.some(({ model }) => model !== "") || lines.length === 0;
  return {
    lines,
    days: buckets.map(({ day }) => day),
    notes: [
      ...unfinished(pages),
      ...(grouped
        ? []
        : ["not grouped by description, so that only days can be compared: ask for group_by[]=description"]),
    ],
  };
}
