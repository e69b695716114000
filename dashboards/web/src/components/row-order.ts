import { compareUsd } from "../data/money.ts";

/** How rows are ordered: by which column; the empty one leaves them as they came. */
export interface RowOrder {
  readonly key: string;
  readonly isDescending: boolean;
}

interface OrderedColumn<Row> {
  readonly key: string;
  readonly isNumber?: boolean;
  readonly value: (row: Row) => string | number | null;
}

/** `cost` ascends, `-cost` descends. */
export const readOrder = (text: string): RowOrder => ({
  key: text.replace(/^-/, ""),
  isDescending: text.startsWith("-"),
});

export const writeOrder = ({ key, isDescending }: RowOrder): string => (isDescending ? `-${key}` : key);

/** The rows in order; what is unknown stands last, whichever way. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly OrderedColumn<Row>[],
  { key, isDescending }: RowOrder,
): readonly Row[] {
  const column = columns.find((candidate) => candidate.key === key);
  if (column === undefined) return rows;
  const compare = column.isNumber === true ? compareNumbers : compareTexts;
  return rows.toSorted((one, other) => {
    const [left, right] = [column.value(one), column.value(other)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return isDescending ? compare(right, left) : compare(left, right);
  });
}

const compareTexts = (left: string | number, right: string | number): number =>
  String(left).localeCompare(String(right), "en", { numeric: true });

/** Floats tell most numbers apart; decimal strings that differ beyond them are compared digit by digit. */
function compareNumbers(left: string | number, right: string | number): number {
  const difference = Number(left) - Number(right);
  if (difference !== 0 || typeof left === "number" || typeof right === "number") return difference;
  return compareUsd(left, right);
}
