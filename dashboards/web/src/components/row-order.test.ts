import { expect, test } from "vitest";
import { readOrder, sorted, writeOrder } from "./row-order.ts";

interface Row {
  name: string;
  cost: string | null;
}
const columns = [
  { key: "name", value: (row: Row) => row.name },
  { key: "cost", isNumber: true, value: (row: Row) => row.cost },
];
const rows: readonly Row[] = [
  { name: "agent 10", cost: "9007199254740993.1" },
  { name: "agent 9", cost: null },
  { name: "agent 1", cost: "9007199254740993.2" },
  { name: "agent 2", cost: "-1.5" },
];
const order = (text: string): string[] => sorted(rows, columns, readOrder(text)).map(({ name }) => name);

test("money is compared digit by digit, and what is unknown stands last either way", () => {
  expect(order("cost")).toEqual(["agent 2", "agent 10", "agent 1", "agent 9"]);
  expect(order("-cost")).toEqual(["agent 1", "agent 10", "agent 2", "agent 9"]);
});

test("names are ordered as people count", () => {
  expect(order("name")).toEqual(["agent 1", "agent 2", "agent 9", "agent 10"]);
});

test("without an order, or with one of no column, rows stay as they came", () => {
  expect(order("")).toEqual(rows.map(({ name }) => name));
  expect(order("-other")).toEqual(rows.map(({ name }) => name));
});

test("an order is read as it is written", () => {
  for (const text of ["cost", "-cost"]) expect(writeOrder(readOrder(text))).toBe(text);
});
