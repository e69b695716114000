import type { TableColumn } from "../components/data-table.tsx";
import { type Amount, atLeast, count } from "../data/money.ts";

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
