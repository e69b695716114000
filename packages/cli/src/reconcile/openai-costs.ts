import { UsageError } from "../usage-error.ts";
import { amountIn, type Bill, bucketsOf, isObject, pagesIn, resultsOf, textIn, unfinished } from "./bill.ts";

/**
 * Reads what `GET /v1/organization/costs?group_by=line_item` of OpenAI answers: buckets of a day whose line items name
 * model and kind of token, as in `gpt-4o-2024-08-06, cached input`.
 *
 * @throws UsageError where the file is none
 */
export function readOpenAiCosts(file: string, text: string): Bill {
  const pages = pagesIn(file, text);
  const buckets = bucketsOf(pages).map((bucket) => {
    const start = bucket["start_time"];
    if (typeof start !== "number") throw new UsageError(`${file}: a bucket has no start_time: this is no costs export`);
    return { day: new Date(start * 1000).toISOString().slice(0, 10), results: resultsOf(bucket) };
  });
  const lines = buckets.flatMap(({ day, results }) =>
    results.map((result) => {
      const amount = isObject(result["amount"]) ? result["amount"] : {};
      const [model = "", ...item] = textIn(result, "line_item").split(",");
      return {
        day,
        model: model.trim(),
        item: item.join(",").trim(),
        ...amountIn(file, amount["value"], amount["currency"]),
      };
    }),
  );
  const grouped = lines.every(({ model }) => model !== "");
  return {
    lines,
    days: buckets.map(({ day }) => day),
    notes: [
      ...unfinished(pages),
      ...(grouped ? [] : ["not grouped by line item, so that only days can be compared: ask for group_by=line_item"]),
    ],
  };
}
