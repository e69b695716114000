import type { ViewAnswer } from "@tokenledger/clickhouse";

/**
 * An answer as CSV by RFC 4180, every digit of it; what is not known is an empty field.
 *
 * Names come from other people's programs, and spreadsheets run text that begins like a formula: such text gets an
 * apostrophe in front.
 */
export function csvOf({ columns, rows }: ViewAnswer): string {
  const isText = columns.map(({ type }) => !/^(?:Nullable\()?(?:U?Int|Float|Decimal|Bool|Date)/.test(type));
  const lines = rows.map((values) => values.map((value, place) => field(value, isText[place] === true)));
  return [columns.map(({ name }) => field(name, true)), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

function field(value: unknown, isText: boolean): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = isText && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
