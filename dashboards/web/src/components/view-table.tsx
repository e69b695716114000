import type { JSX } from "preact";
import type { Column, ViewState } from "../data/view.ts";
import { DataTable } from "./data-table.tsx";

/** The rows of a view as they are: the equal of every drawing. */
export function ViewTable({ view, title }: { view: ViewState<object>; title: string }): JSX.Element {
  // Rows of a view hold its columns by name.
  const rows = view.rows as readonly Record<string, unknown>[];
  return (
    <DataTable
      label={title}
      rows={rows}
      columns={view.columns.map((column) => ({
        key: column.name,
        title: column.name,
        isNumber: isNumeric(column),
        value: (row: Record<string, unknown>) => cell(row[column.name]),
      }))}
    />
  );
}

const isNumeric = ({ type }: Column): boolean => /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type);

const cell = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
};
