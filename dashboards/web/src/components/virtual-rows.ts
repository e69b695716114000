import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

/** Which of many rows of equal height are to be drawn, and how much room the others take. */
export interface VirtualRows {
  readonly first: number;
  /** Behind the last one. */
  readonly last: number;
  /** Pixels above and below. */
  readonly before: number;
  readonly after: number;
  readonly bringIntoView: (index: number) => void;
}

const overscan = 12;
/** So few rows are all drawn: nothing then waits for the first measurement. */
const drawnAnyway = 60;

/** Follows the scroll position of an element. */
export function useVirtualRows(count: number, height: number, scroll: RefObject<HTMLElement | null>): VirtualRows {
  const [, drawAgain] = useReducer<number, void>((times) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => drawAgain(),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  const items = virtual.getVirtualItems();
  const isAll = count <= drawnAnyway;
  const first = isAll ? 0 : (items[0]?.index ?? 0);
  const last = isAll ? count : (items.at(-1)?.index ?? Math.min(count, drawnAnyway) - 1) + 1;
  return {
    first,
    last,
    before: first * height,
    after: (count - last) * height,
    bringIntoView: (index) => virtual.scrollToIndex(index),
  };
}
