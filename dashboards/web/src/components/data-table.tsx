import type { ComponentChildren, JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { go, useUrlState } from "../data/url-state.ts";
import { Icon } from "./icon.tsx";
import { readOrder, sorted, writeOrder } from "./row-order.ts";
import { useVirtualRows } from "./virtual-rows.ts";
import "./data-table.css";

export interface TableColumn<Row> {
  readonly key: string;
  readonly title: ComponentChildren;
  /** Right-aligned and compared as numbers; decimal strings exactly. */
  readonly isNumber?: boolean;
  /** What the column is sorted by; null is unknown, and stands last. */
  readonly value: (row: Row) => string | number | null;
  /** What is shown, where that is not the value itself. */
  readonly render?: (row: Row) => ComponentChildren;
}

export interface DataTableProps<Row> {
  /** What the rows are, for those who do not see them. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  /** Key of its order in the address; the label without it. */
  readonly id?: string;
  /** Where a row leads: Enter on it goes there, and its first cell is a link. */
  readonly href?: (row: Row) => string | undefined;
  /** The order of the rows at first, `-cost` for descending; as they came without it. */
  readonly order?: string;
  /** In pixels; longer tables scroll. */
  readonly maxHeight?: number;
}

const rowHeight = 32;

/** A table that sorts by its headings, draws only the rows in sight, and is walked with the arrow keys. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { label, rows, columns, order = "", maxHeight = 480 } = props;
  const [orderText, setOrder] = useUrlState(`order.${props.id ?? label.toLowerCase().replaceAll(/\W+/g, "-")}`, order);
  const shown = useMemo(() => sorted(rows, columns, readOrder(orderText)), [rows, columns, orderText]);
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const { first, last, before, after, bringIntoView } = useVirtualRows(shown.length, rowHeight, scroll);
  const focusRow = (index: number): void => {
    const next = Math.max(0, Math.min(shown.length - 1, index));
    setActive(next);
    bringIntoView(next);
    // Drawn by the next frame.
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[aria-rowindex="${next + 2}"]`)?.focus());
  };
  return (
    <div class="table-scroll" ref={scroll} style={{ maxHeight: `${maxHeight}px` }}>
      <table class="table" aria-label={label} aria-rowcount={shown.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column.key} column={column} order={orderText} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={(event) => walk(event, active, focusRow)}>
          {before > 0 ? <tr aria-hidden="true" style={{ height: `${before}px` }} /> : null}
          {shown.slice(first, last).map((row, offset) => {
            const index = first + offset;
            return (
              <TableRow
                key={index}
                {...{ row, columns, index }}
                href={props.href?.(row)}
                isActive={index === Math.min(active, shown.length - 1)}
                onActive={() => setActive(index)}
              />
            );
          })}
          {after > 0 ? <tr aria-hidden="true" style={{ height: `${after}px` }} /> : null}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps<Row> {
  readonly column: TableColumn<Row>;
  readonly order: string;
  readonly onOrder: (order: string) => void;
}

function Heading<Row>({ column, order, onOrder }: HeadingProps<Row>): JSX.Element {
  const { key, isDescending } = readOrder(order);
  const isOrdered = key === column.key;
  const next = { key: column.key, isDescending: isOrdered ? !isDescending : column.isNumber === true };
  return (
    <th
      scope="col"
      class={column.isNumber === true ? "number" : ""}
      aria-sort={isOrdered ? (isDescending ? "descending" : "ascending") : "none"}
    >
      <button type="button" onClick={() => onOrder(writeOrder(next))}>
        {column.title}
        {isOrdered ? <Icon name={isDescending ? "down" : "up"} size={12} /> : null}
      </button>
    </th>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly TableColumn<Row>[];
  readonly index: number;
  readonly href: string | undefined;
  readonly isActive: boolean;
  readonly onActive: () => void;
}

function TableRow<Row>({ row, columns, index, href, isActive, onActive }: TableRowProps<Row>): JSX.Element {
  return (
    <tr
      aria-rowindex={index + 2}
      tabIndex={isActive ? 0 : -1}
      onFocus={onActive}
      onKeyDown={(event) => {
        if (event.key === "Enter" && href !== undefined && event.target === event.currentTarget) go(href);
      }}
      style={{ height: `${rowHeight}px` }}
    >
      {columns.map((column, place) => {
        const value = column.value(row);
        const content = column.render?.(row) ?? (value === null ? <Unknown /> : value);
        return (
          <td
            key={column.key}
            class={column.isNumber === true ? "number" : ""}
            // What does not fit is told by pointing at it.
            title={typeof value === "string" && value.length > 30 ? value : undefined}
          >
            {place === 0 && href !== undefined ? (
              <a href={href} tabIndex={-1}>
                {content}
              </a>
            ) : (
              content
            )}
          </td>
        );
      })}
    </tr>
  );
}

const Unknown = (): JSX.Element => <span class="faint">unknown</span>;

const pageRows = 10;

function walk(event: KeyboardEvent, active: number, focusRow: (index: number) => void): void {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: pageRows,
    PageUp: -pageRows,
    Home: -Infinity,
    End: Infinity,
  };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  focusRow(active + step);
}
