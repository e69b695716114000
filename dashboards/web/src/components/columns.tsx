import type { TableColumn } from "./data-table.tsx";
import { type Amount, atLeast, compact, count, share } from "../data/money.ts";

/** A column of names; what has none is called something. */
export function nameColumn<Row>(
  key: string,
  title: string,
  value: (row: Row) => string,
  none = "none",
): TableColumn<Row> {
  return { key, title, value, render: (row) => value(row) || <span class="faint">{none}</span> };
}

/** A column of counts of calls or tokens. */
export function countColumn<Row>(
  key: string,
  title: string,
  value: (row: Row) => string | number | null,
): TableColumn<Row> {
  return { key, title, value, isNumber: true, render: (row) => count(value(row)) };
}

/** A column of money; where a part of it is unknown it is the least it can be, and says so. */
export function moneyColumn<Row>(
  key: string,
  title: string,
  value: (row: Row) => Amount,
  isIncomplete: (row: Row) => boolean = () => false,
): TableColumn<Row> {
  return { key, title, value, isNumber: true, render: (row) => atLeast(value(row), isIncomplete(row)) };
}

/** A column of tokens, shortened: their size is what is read. */
export function tokensColumn<Row>(key: string, title: string, value: (row: Row) => Amount): TableColumn<Row> {
  return { key, title, value, isNumber: true, render: (row) => compact(value(row)) };
}

/** A column of instants, to the second. */
export function instantColumn<Row>(key: string, title: string, value: (row: Row) => string): TableColumn<Row> {
  return { key, title, value, render: (row) => value(row).slice(0, 19) };
}

/** The cost of a row, which is the least it can be where calls of it have no known cost. */
export function costColumn<Row extends { readonly known_cost_usd: string; readonly unpriced_calls: string }>(
  title: string,
): TableColumn<Row> {
  return moneyColumn(
    "cost",
    title,
    ({ known_cost_usd }) => known_cost_usd,
    ({ unpriced_calls }) => unpriced_calls !== "0",
  );
}

/** How much of a row's input was read from the cache: sorted by tokens, shown as a share. */
export function cachedColumn<Row extends { readonly input_tokens: Amount; readonly cache_read_tokens: Amount }>(
  title: string,
): TableColumn<Row> {
  return {
    key: "cached",
    title,
    isNumber: true,
    value: ({ cache_read_tokens }) => cache_read_tokens,
    render: ({ cache_read_tokens, input_tokens }) => share(cache_read_tokens, input_tokens),
  };
}
