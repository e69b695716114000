import { startStore, type Store } from "./store.ts";

const firstDelayMs = 100;
const longestDelayMs = 10_000;

/**
 * Starts the database again when it ends unasked, at its old address and under its old identity, so that
 * every client of it goes on.
 */
export const keepRunning = (
  first: Store,
  directory: string,
  onProgress: (line: string) => void,
): { stop(): Promise<void> } => {
  let current = first;
  const stopping = new AbortController();

  const restart = async (): Promise<void> => {
    for (let delay = firstDelayMs; !stopping.signal.aborted; delay = Math.min(2 * delay, longestDelayMs)) {
      try {
        current = await startStore({ directory, httpPort: Number(new URL(first.url).port), identity: first.identity });
        onProgress("The database is back");
        return;
      } catch (error) {
        onProgress(`The database does not start: ${error instanceof Error ? error.message : String(error)}`);
        await pause(delay, stopping.signal);
      }
    }
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      await current.exited;
      if (stopping.signal.aborted) return;
      onProgress("The database ended unexpectedly; starting it again");
      await restart();
      if (stopping.signal.aborted) return;
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      // A restart that was under way may have finished meanwhile.
      await Promise.all([current.stop(), first.stop()]);
    },
  };
};

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((settle) => {
    const timer = setTimeout(settle, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      settle();
    });
  });
