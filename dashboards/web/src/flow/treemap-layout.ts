import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";

/** A part of a whole, by exact money. */
export interface Part {
  readonly key: string;
  /** Exact decimal string of USD; parts of nothing or less are not drawn. */
  readonly amount: string;
  /** Parts of one group lie together. */
  readonly group: string;
}

/** A part with the rectangle that its share of the whole is, in pixels. */
export interface Tile<Item extends Part> {
  readonly part: Item;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Branch<Item extends Part> {
  readonly part?: Item;
  readonly children?: readonly Branch<Item>[];
}

/** Divides a rectangle in proportion to the parts, largest first, groups side by side. */
export function treemapLayout<Item extends Part>(parts: readonly Item[], width: number, height: number): Tile<Item>[] {
  const drawn = parts.filter(({ amount }) => Number(amount) > 0);
  if (drawn.length === 0) return [];
  const groups = [...Map.groupBy(drawn, ({ group }) => group).values()];
  const whole: Branch<Item> = { children: groups.map((group) => ({ children: group.map((part) => ({ part })) })) };
  const root = hierarchy(whole, ({ children }) => children)
    .sum(({ part }) => (part === undefined ? 0 : Number(part.amount)))
    .sort((one, other) => (other.value ?? 0) - (one.value ?? 0));
  const layout = treemap<Branch<Item>>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .paddingInner(2)
    .round(true);
  return layout(root)
    .leaves()
    .flatMap(({ data: { part }, x0, y0, x1, y1 }) =>
      part === undefined ? [] : [{ part, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }],
    );
}
