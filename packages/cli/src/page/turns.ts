/** Lets work be done by turns: so much of it at once, the rest in the order it came. */
export interface Turns {
  /** Does the work when its turn has come; not at all where the signal was given before. */
  readonly take: <Result>(work: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;
}

/** @param atOnce how much is done at once */
export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  const next = (): void => {
    const start = waiting.shift();
    if (start === undefined) free += 1;
    else start();
  };
  return {
    take: async (work, signal) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((start) => waiting.push(start));
      try {
        signal.throwIfAborted();
        return await work();
      } finally {
        next();
      }
    },
  };
}
