/** The part of a drawing that is seen: from `start` to `end` of a whole that is 1 wide, from row `top` down. */
export interface Viewport {
  readonly start: number;
  readonly end: number;
  readonly top: number;
}

/** All of it. */
export const wholeView: Viewport = { start: 0, end: 1, top: 0 };

/** The narrowest part that can be seen: below it, numbers no longer tell places apart. */
const narrowest = 1e-9;

/** Shows `factor` times as much, what is at `center` (a place in the whole) staying where it is. */
export function zoomed(view: Viewport, factor: number, center: number = (view.start + view.end) / 2): Viewport {
  const width = Math.min(1, Math.max(narrowest, (view.end - view.start) * factor));
  const share = (center - view.start) / (view.end - view.start);
  return kept({ ...view, start: center - share * width, end: center + (1 - share) * width });
}

/** Moves by a share of what is seen, to the right where it is positive. */
export function panned(view: Viewport, share: number): Viewport {
  const by = share * (view.end - view.start);
  return kept({ ...view, start: view.start + by, end: view.end + by });
}

/** Moves down by so many rows of `rows`, of which `seen` fit. */
export function scrolled(view: Viewport, by: number, rows: number, seen: number): Viewport {
  return { ...view, top: Math.max(0, Math.min(view.top + by, rows - seen)) };
}

/** Shows a box all over. */
export const fitted = (view: Viewport, start: number, end: number): Viewport =>
  kept({ ...view, start, end: Math.max(end, start + narrowest) });

/** Moves just so far that a box is seen, and shows more where it does not fit. */
export function revealed(view: Viewport, box: { start: number; end: number; row: number }, seen: number): Viewport {
  const top = Math.min(box.row, Math.max(view.top, box.row - seen + 1));
  const width = view.end - view.start;
  if (box.end - box.start > width) return { ...fitted(view, box.start, box.end), top };
  const start = Math.min(box.start, Math.max(view.start, box.end - width));
  return kept({ start, end: start + width, top });
}

/** The part as it stands in an address: empty for the whole. */
export const writeSeenPart = ({ start, end }: Viewport): string =>
  start === 0 && end === 1 ? "" : `${start.toFixed(6)}-${end.toFixed(6)}`;

/** Reads what {@link writeSeenPart} wrote; what is none is the whole. */
export function readSeenPart(text: string): Viewport {
  const [start = 0, end = 0] = text.split("-").map(Number);
  return start >= 0 && end <= 1 && end - start >= narrowest ? { start, end, top: 0 } : wholeView;
}

function kept(view: Viewport): Viewport {
  const width = Math.min(1, view.end - view.start);
  const start = Math.max(0, Math.min(1 - width, view.start));
  return { ...view, start, end: start + width };
}
