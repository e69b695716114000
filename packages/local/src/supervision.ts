const firstDelayMs = 100;
const longestDelayMs = 10_000;
/** What ends sooner than this after its start is starting badly: the next attempt waits longer. */
const settledMs = 10_000;

/** A process of ours that may end unasked. */
export interface Supervised {
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

/** What is kept running, and how. */
export interface Supervision<Process extends Supervised> {
  /** As messages name it: "The database". */
  name: string;
  first: Process;
  /** Starts it again, at its old address and under its old identity, so that every client of it goes on. */
  start: () => Promise<Process>;
  onProgress: (line: string) => void;
  /** Told whenever it is gone, with what it settled with, and whenever it is back. */
  onChange?: (change: { lost: unknown } | { back: Process }) => void;
}

/** Starts a process again when it ends unasked, at once and then at growing intervals of at most 10 s. */
export const keepRunning = <Process extends Supervised>({
  name,
  first,
  start,
  onProgress,
  onChange,
}: Supervision<Process>): { stop(): Promise<void> } => {
  let current = first;
  let delay = firstDelayMs;
  const stopping = new AbortController();
  const { signal } = stopping;

  const wait = async (): Promise<void> => {
    await pause(delay, signal);
    delay = Math.min(2 * delay, longestDelayMs);
  };
  const restart = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        current = await start();
        onProgress(`${name} is back`);
        onChange?.({ back: current });
        return;
      } catch (error) {
        onProgress(`${name} does not start: ${error instanceof Error ? error.message : String(error)}`);
        await wait();
      }
    }
  };
  const watch = async (): Promise<void> => {
    for (;;) {
      const started = performance.now();
      const lost = await current.exited;
      if (signal.aborted) return;
      onProgress(`${name} ended unexpectedly; starting it again`);
      onChange?.({ lost });
      if (performance.now() - started > settledMs) delay = firstDelayMs;
      else await wait();
      await restart();
      if (signal.aborted) return;
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
    if (signal.aborted) return settle();
    const timer = setTimeout(settle, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      settle();
    });
  });
