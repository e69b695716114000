import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useEffect, useId, useMemo, useRef } from "preact/hooks";
import { useVirtualRows } from "../components/virtual-rows.ts";
import { compact, duration } from "../data/money.ts";
import type { SharedChoice } from "./span-chart.tsx";
import { moneyOf } from "./describe.ts";
import type { SpanNode } from "./span-tree.ts";
import { ancestorsOf, stepped, visibleRows, type TreeRow } from "./visible-rows.ts";

const rowHeight = 28;
const headHeight = 32;
const mostRows = 20;

const headings = ["Span", "Total", "Self", "Input", "Cached", "Output", "Time", "When"] as const;

/** The tree of a trace as a grid: all that the drawings show, for every eye, ear and keyboard. */
export function SpanGrid({ root, choice }: { root: SpanNode; choice: SharedChoice }): JSX.Element {
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const closed = useSignal<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => visibleRows(root, closed.value), [root, closed.value]);
  const at = rows.findIndex(({ node }) => node.id === choice.chosen);
  const seen = Math.min(mostRows, rows.length);
  const { first, last, before, after } = useVirtualRows(rows.length, rowHeight, grid);

  useEffect(() => {
    // What was chosen elsewhere is opened and brought into sight here.
    const above = choice.chosen === "" ? undefined : ancestorsOf(root, choice.chosen);
    if (above?.some((ancestor) => closed.value.has(ancestor)) === true)
      closed.value = new Set([...closed.value].filter((other) => !above.includes(other)));
  }, [root, choice.chosen, closed]);
  useEffect(() => {
    if (at >= 0) reveal(grid.current, at);
  }, [at]);

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepped(event.key, rows, at, seen);
    if (step === undefined) return;
    event.preventDefault();
    const others = [...closed.value].filter((other) => other !== step.open);
    if (step.open !== undefined || step.close !== undefined)
      closed.value = new Set(step.close === undefined ? others : [...others, step.close]);
    const row = rows[step.row];
    if (row !== undefined) choice.choose(row.node.id);
  };
  // The same function for all rows and times: a row is drawn again only for a reason of its own.
  const toggle = useCallback(
    ({ node, isOpen }: TreeRow): void => {
      const others = [...closed.value].filter((other) => other !== node.id);
      closed.value = new Set(isOpen === true ? [...others, node.id] : others);
    },
    [closed],
  );

  return (
    <div
      ref={grid}
      class="span-grid"
      style={{ height: `${headHeight + seen * rowHeight}px` }}
      role="treegrid"
      tabIndex={0}
      aria-label="Spans of this trace"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      onKeyDown={press}
    >
      <div role="rowgroup" class="span-head">
        <div role="row" class="span-row" style={{ height: `${headHeight}px` }} aria-rowindex={1}>
          {headings.map((heading) => (
            <div role="columnheader" key={heading} class={heading === "Span" || heading === "When" ? "" : "number"}>
              {heading}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ padding: `${before}px 0 ${after}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <SpanRow
            key={row.node.id}
            id={`${id}-${first + index}`}
            index={first + index}
            row={row}
            root={root}
            choice={choice}
            onToggle={toggle}
          />
        ))}
      </div>
    </div>
  );
}

/** Scrolls just so far that a row is seen below the headings. */
function reveal(grid: HTMLElement | null, row: number): void {
  if (grid === null) return;
  const above = row * rowHeight;
  const below = above + rowHeight + headHeight - grid.clientHeight;
  grid.scrollTop = Math.min(above, Math.max(grid.scrollTop, below));
}

interface SpanRowProps {
  readonly id: string;
  readonly index: number;
  readonly row: TreeRow;
  readonly root: SpanNode;
  readonly choice: SharedChoice;
  readonly onToggle: (row: TreeRow) => void;
}

function SpanRow({ id, index, row, root, choice, onToggle }: SpanRowProps): JSX.Element {
  const { node, level, isOpen } = row;
  const { total } = node;
  const isChosen = node.id === choice.chosen;
  return (
    <div
      id={id}
      role="row"
      class={`span-row ${node.id === choice.pointed.value ? "is-pointed" : ""}`}
      style={{ height: `${rowHeight}px` }}
      aria-rowindex={index + 2}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={isOpen}
      aria-selected={isChosen}
      onClick={() => choice.choose(node.id)}
      onPointerEnter={() => (choice.pointed.value = node.id)}
    >
      <div role="gridcell" class="span-name" style={{ paddingLeft: `${(level - 1) * 14}px` }} title={node.label}>
        <span
          class={`span-toggle ${isOpen === undefined ? "is-leaf" : isOpen ? "is-open" : ""}`}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(row);
          }}
        />
        <span class="span-swatch" aria-hidden="true" style={{ background: choice.paint.fillOf(node) }} />
        <span class="span-label">{node.label}</span>
      </div>
      <div role="gridcell" class="number">
        {moneyOf(node, "total")}
      </div>
      <div role="gridcell" class="number">
        {moneyOf(node, "own")}
      </div>
      <div role="gridcell" class="number">
        {tokens(total.calls, total.input)}
      </div>
      <div role="gridcell" class="number">
        {tokens(total.calls, total.cached)}
      </div>
      <div role="gridcell" class="number">
        {tokens(total.calls, total.output)}
      </div>
      <div role="gridcell" class="number">
        {duration((node.endedAt - node.startedAt) * 1e6)}
      </div>
      <div role="gridcell" class="span-when">
        <span style={barOf(node, root)} />
      </div>
    </div>
  );
}

const tokens = (calls: number, count: number): string => (calls === 0 ? "" : compact(count));

/** Where in the time of the trace a span stands. */
function barOf(node: SpanNode, root: SpanNode): { left: string; width: string } {
  const whole = Math.max(1e-6, root.endedAt - root.startedAt);
  const percent = (milliseconds: number): string => `${((100 * milliseconds) / whole).toFixed(3)}%`;
  return { left: percent(node.startedAt - root.startedAt), width: percent(node.endedAt - node.startedAt) };
}
