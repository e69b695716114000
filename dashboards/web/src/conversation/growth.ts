import { pieceKinds } from "./piece-kinds.ts";
import type { TokenColumn, Turn } from "./turn.ts";

/** A layer of a stack: the tokens of one column, in one colour of the theme. */
export interface Layer {
  readonly column: TokenColumn;
  readonly name: string;
  readonly colour: string;
}

/** Ways to read the same billed input, each of whose layers sum to it. */
export type Reading = "pieces" | "reading" | "payment";

/** What each way asks. */
export const readings: readonly (readonly [reading: Reading, name: string])[] = [
  ["pieces", "What the prompt holds"],
  ["reading", "Read again or new"],
  ["payment", "Cached or paid in full"],
];

const layersByReading: Readonly<Record<Reading, readonly Layer[]>> = {
  pieces: pieceKinds,
  reading: [
    { column: "re_read_from_cache_tokens", name: "Read again from the cache", colour: "--series-1" },
    { column: "rewritten_tokens", name: "Written again: it had expired", colour: "--bad" },
    { column: "re_read_in_full_tokens", name: "Read again, paid in full", colour: "--series-2" },
    { column: "failed_or_duplicate_tokens", name: "Of failed or duplicate calls", colour: "--series-4" },
    { column: "new_tokens", name: "New", colour: "--series-3" },
    { column: "unexplained_tokens", name: "Not explained", colour: "--line-strong" },
  ],
  payment: [
    { column: "cache_read_tokens", name: "Read from the cache", colour: "--series-1" },
    { column: "cache_write_tokens", name: "Written to the cache", colour: "--series-2" },
    { column: "in_full_tokens", name: "Paid in full", colour: "--series-4" },
  ],
};

/** One layer over all turns, each from where the layers below it end. */
export interface StackedLayer extends Layer {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly sum: number;
}

/** The layers that hold anything, from the ground up, and how high the highest turn is. */
export function stack(turns: readonly Turn[], reading: Reading): { layers: readonly StackedLayer[]; highest: number } {
  let ground = turns.map(() => 0);
  const layers: StackedLayer[] = [];
  for (const layer of layersByReading[reading]) {
    const sizes = turns.map((turn) => Math.max(0, Number(turn[layer.column] ?? 0)));
    const to = ground.map((from, index) => from + (sizes[index] ?? 0));
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum > 0) layers.push({ ...layer, from: ground, to, sum });
    ground = to;
  }
  return { layers, highest: ground.reduce((most, height) => Math.max(most, height), 0) };
}

/** The outline of a layer as an SVG path: a column a turn, `width` wide, with `height` for `highest` tokens. */
export function columnsPath(
  { from, to }: Pick<StackedLayer, "from" | "to">,
  { width, height, highest, gap }: { width: number; height: number; highest: number; gap: number },
): string {
  const y = (tokens: number): string => (height - (height * tokens) / Math.max(1, highest)).toFixed(2);
  return to
    .flatMap((top, index) => {
      const bottom = from[index] ?? 0;
      if (top <= bottom) return [];
      return `M${(index * width).toFixed(2)} ${y(bottom)}V${y(top)}H${((index + 1) * width - gap).toFixed(2)}V${y(bottom)}Z`;
    })
    .join("");
}

/** Round values for an axis up to the highest, the highest of them below it. */
export function ticks(highest: number): readonly number[] {
  if (highest <= 0) return [];
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].map((factor) => (factor * power) / 4).find((size) => highest / size <= 4) ?? power;
  return Array.from({ length: Math.floor(highest / step) }, (_, index) => (index + 1) * step);
}
