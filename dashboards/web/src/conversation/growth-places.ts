/**
 * Where things stand in the drawing of a conversation, in CSS pixels from its top left: the stack, below it the cache,
 * how long it lived, what its end cost, and the turns, all on one axis.
 */
export const places = {
  /** Room for names of lanes and values of the axis. */
  left: 96,
  stackHeight: 220,
  cacheTop: 236,
  cacheHeight: 44,
  gapsTop: 288,
  gapsHeight: 14,
  lossTop: 310,
  lossHeight: 26,
  axisTop: 340,
  wholeHeight: 358,
} as const;
