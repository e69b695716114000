import type { Boxes } from "./boxes.ts";
import { fitted, panned, revealed, wholeView, zoomed, type Viewport } from "./viewport.ts";

/** What keys change: the part that is seen, and the box that is chosen (-1: none). */
export interface Place {
  readonly view: Viewport;
  readonly chosen: number;
}

/** Keys and what they do, for the help beside the drawing. */
export const keys: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "W S", does: "closer, farther" },
  { keys: "A D", does: "left, right" },
  { keys: "← → ↑ ↓", does: "choose a neighbour, what it belongs to, what is under it" },
  { keys: "Enter", does: "show the chosen one all over" },
  { keys: "Esc", does: "back to the whole" },
  { keys: "/", does: "search" },
];

/** How much closer one press goes, and how far to the side, in shares of what is seen. */
const closer = 0.8;
const aside = 0.15;

/** Where a key leads, `seen` rows fitting; undefined where the key means nothing here. */
export function pressed(key: string, place: Place, boxes: Boxes, seen: number): Place | undefined {
  const moved = movedView(key, place, boxes);
  if (moved) return { ...place, view: moved };
  const chosen = neighbour(key, place.chosen, boxes);
  if (chosen === undefined) return undefined;
  return { chosen, view: revealed(place.view, boxOf(boxes, chosen), seen) };
}

function movedView(key: string, { view, chosen }: Place, boxes: Boxes): Viewport | undefined {
  const { start, end } = boxOf(boxes, chosen);
  const center = Math.min(view.end, Math.max(view.start, (start + end) / 2));
  switch (key.toLowerCase()) {
    case "w":
      return zoomed(view, closer, chosen < 0 ? undefined : center);
    case "s":
      return zoomed(view, 1 / closer, chosen < 0 ? undefined : center);
    case "a":
      return panned(view, -aside);
    case "d":
      return panned(view, aside);
    case "enter":
      return chosen < 0 ? undefined : fitted(view, start, end);
    case "escape":
      return view.start === 0 && view.end === 1 ? undefined : { ...wholeView, top: view.top };
    default:
      return undefined;
  }
}

function neighbour(key: string, chosen: number, boxes: Boxes): number | undefined {
  if (!key.startsWith("Arrow")) return undefined;
  if (chosen < 0) return boxes.nodes.length > 0 ? 0 : undefined;
  if (key === "ArrowUp") return Math.max(0, boxes.parent[chosen] ?? 0);
  if (key === "ArrowDown") return widestUnder(boxes, chosen) ?? chosen;
  const inRow = boxes.rows[boxes.row[chosen] ?? 0] ?? new Int32Array();
  const place = inRow.indexOf(chosen) + (key === "ArrowLeft" ? -1 : 1);
  return inRow[Math.max(0, Math.min(inRow.length - 1, place))] ?? chosen;
}

function widestUnder(boxes: Boxes, box: number): number | undefined {
  let widest: number | undefined;
  const widthOf = (index: number): number => (boxes.end[index] ?? 0) - (boxes.start[index] ?? 0);
  boxes.parent.forEach((parent, index) => {
    if (parent === box && (widest === undefined || widthOf(index) > widthOf(widest))) widest = index;
  });
  return widest;
}

const boxOf = (boxes: Boxes, index: number): { start: number; end: number; row: number } => ({
  start: boxes.start[index] ?? 0,
  end: boxes.end[index] ?? 1,
  row: boxes.row[index] ?? 0,
});
