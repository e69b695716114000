import { isMainThread } from "node:worker_threads";
import { quietly } from "@tokenledger/core";
import type { SpanQueue } from "./span-queue.ts";

/** Signals whose default action ends a process without an `exit` event. */
const deadly: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/**
 * Keeps unsent spans when the process ends, and changes nothing about how it ends.
 *
 * A return, `process.exit`, an uncaught error and an unhandled rejection all emit `exit`, where spans
 * are held without waiting. A signal is raised again where nobody else listens, after at most
 * `budgetMillis` for sending. Where others listen, whether the process lives is their decision: we
 * hold, and step out of their sight while they run, because some of them end the process only when
 * they see no other listener.
 */
export const finishOnExit = (queue: SpanQueue, budgetMillis: number): void => {
  const finish = (): void => quietly("keeping unsent spans", () => queue.finish());
  process.on("exit", finish);
  if (!isMainThread) return;
  for (const signal of deadly) {
    let leaving = false;
    const leave = (): void => {
      finish();
      process.removeListener(signal, onSignal);
      process.kill(process.pid, signal);
    };
    const onSignal = (): void => {
      if (process.listenerCount(signal) > 1) {
        quietly("keeping unsent spans", () => queue.hold());
        process.removeListener(signal, onSignal);
        setImmediate(() => process.prependListener(signal, onSignal));
        return;
      }
      // A second signal does not wait.
      if (leaving) return leave();
      leaving = true;
      setTimeout(leave, budgetMillis);
      queue.forceFlush().then(leave, leave);
    };
    process.prependListener(signal, onSignal);
  }
};
