import Table from "cli-table3";
import { dim } from "./style.ts";
import { cut, plain } from "./text.ts";

/** A column: its heading, and how it shows a row. Numbers go to the right. */
export interface Column<Row> {
  heading: string;
  show(row: Row): string;
  align?: "right";
  /** Widest it may get, in characters. */
  width?: number;
}

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Lays rows out in columns without rules, each cell safe to print. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const layout = new Table({
    head: columns.map((column) => dim(column.heading)),
    colAligns: columns.map((column) => column.align ?? "left"),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) layout.push(columns.map((column) => cell(column, row)));
  return layout.toString().replaceAll(/[ \t]+$/gm, "");
}

function cell<Row>(column: Column<Row>, row: Row): string {
  const text = plain(column.show(row));
  return column.width === undefined ? text : cut(text, column.width);
}
