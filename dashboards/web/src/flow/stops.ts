/** The values that a slider can take, in order: finer where a small change matters more. */
export type Stops = readonly number[];

/** The stop nearest to a value that may come from anywhere, such as an address. */
export function nearestStop(stops: Stops, value: number): number {
  const first = stops[0] ?? 0;
  if (!Number.isFinite(value)) return first;
  return stops.reduce((best, stop) => (Math.abs(stop - value) < Math.abs(best - value) ? stop : best), first);
}

/** Place of the stop nearest to a value. */
export const positionOf = (stops: Stops, value: number): number => stops.indexOf(nearestStop(stops, value));

/** The stop at a place; the ends hold what lies beyond them. */
export const stopAt = (stops: Stops, position: number): number =>
  stops[Math.min(Math.max(Math.round(position), 0), stops.length - 1)] ?? 0;

/** How many calls of history a prompt keeps; 0 cuts nothing. */
export const turnStops: Stops = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200];

/** How long the summary is that replaces what is cut off, in tokens; 0: nothing replaces it. */
export const summaryStops: Stops = [0, 100, 250, 500, 750, 1000, 1500, 2000, 3000, 5000, 8000];
