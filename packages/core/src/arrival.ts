import { quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { observeStream } from "./stream.ts";

/** Settles the observer with a value that has arrived, or goes on watching it as a stream. Never throws. */
export function arrive(value: unknown, observer: Observer): void {
  quietly("observing a result", settleOrWatch, value, observer);
}

function settleOrWatch(value: unknown, observer: Observer): void {
  const stream = observer.streamIn(value);
  if (stream) observeStream(stream, observer);
  else observer.complete(value);
}
