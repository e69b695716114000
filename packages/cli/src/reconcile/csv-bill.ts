import { UsageError } from "../usage-error.ts";
import { amountIn, type Bill } from "./bill.ts";

/** What columns are called, by whoever exports them; the first that is there counts. */
const columns = {
  day: ["day", "date", "usage_date", "usage_date_utc", "start_time_iso", "starting_at", "bill_date"],
  model: ["model", "model_version", "line_item", "model_id"],
  amount: ["cost_usd", "amount_value", "cost", "amount", "amount_usd", "total_cost", "usd"],
} as const;
const optional = { currency: ["currency", "amount_currency"], item: ["item", "token_type", "description"] } as const;

/**
 * Reads a bill from CSV (or TSV) with a header: a day, a model and an amount in USD a row. OpenAI's own CSV export is
 * one; its empty rows are days without cost.
 *
 * @throws UsageError where a column is missing or a row is wrong
 */
export function readCsvBill(file: string, text: string): Bill {
  const [header = [], ...rows] = cells(text.replace(/^\uFEFF/, ""));
  const names = header.map((name) => name.trim().toLowerCase().replaceAll(/[ -]/g, "_"));
  const place = (known: readonly string[]): number => names.findIndex((name) => known.includes(name));
  for (const [what, known] of Object.entries(columns))
    if (place(known) < 0)
      throw new UsageError(`${file} has no column for the ${what}: call it one of ${known.join(", ")}`);
  const lines = rows.map((row) => {
    const cell = (known: readonly string[]): string => row[place(known)]?.trim() ?? "";
    const day = cell(columns.day).slice(0, 10);
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsageError(`${file}: "${day}" is no day; write 2026-11-01`);
    const [model = "", ...item] = cell(columns.model).split(",");
    const said = { day, model: model.trim(), item: [...item, cell(optional.item)].join(" ").trim() };
    return { ...said, ...amountIn(file, cell(columns.amount) || "0", cell(optional.currency)) };
  });
  return { lines: lines.filter(({ amount }) => amount !== 0n), days: lines.map(({ day }) => day), notes: [] };
}

/** The cells of every row that is not empty; quotes may hold separators, line ends and doubled quotes. */
function cells(text: string): string[][] {
  const separator = /^[^\n]*\t/.test(text) ? "\t" : /^[^\n,]*;/.test(text) ? ";" : ",";
  const rows: string[][] = [[]];
  const token = new RegExp(`"((?:[^"]|"")*)"|([^${separator}\\r\\n]+)|(${separator})|(\\r?\\n)`, "g");
  let cell = "";
  const end = (): void => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (const [, quoted, bare, divider, line] of text.matchAll(token)) {
    if (quoted !== undefined || bare !== undefined) cell += quoted?.replaceAll('""', '"') ?? bare;
    else end();
    if (line !== undefined && divider === undefined) rows.push([]);
  }
  end();
  return rows.filter((row) => row.some((one) => one.trim() !== ""));
}
