import type { Observer } from "./observer.ts";
import { context } from "./telemetry.ts";

type Step = (value?: unknown) => unknown;
interface Iteration {
  next: Step;
  return?: Step;
  throw?: Step;
}
interface Readable {
  iterator?: (...args: unknown[]) => Iteration;
  controller?: { signal?: { aborted?: boolean } };
  [Symbol.asyncIterator]: (...args: unknown[]) => Iteration;
}

/** A promise or stream that is dropped unread can never end by itself; the garbage collector tells. */
const dropped = new FinalizationRegistry<Observer>((observer) => observer.close("abandoned"));

/** Closes the observer when `held` is collected. The observer must not reach `held`. */
export function watchForDrop(held: object, observer: Observer): void {
  dropped.register(held, observer, observer);
}

/** Takes back every {@link watchForDrop} of this observer. */
export function forgetDrop(observer: Observer): void {
  dropped.unregister(observer);
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  // Reading a property of a primitive is safe; only null and undefined need the question mark.
  return typeof (value as Partial<Readable> | null | undefined)?.[Symbol.asyncIterator] === "function";
}

/**
 * Observes a stream in place, so that its type, `tee()`, `controller` and `toReadableStream()` stay
 * the SDK's own. Stainless SDKs build all of those on the own property `iterator`, so that is
 * observed where there is one, else `Symbol.asyncIterator`.
 */
export function observeStream(stream: AsyncIterable<unknown>, observer: Observer): void {
  watchForDrop(stream, observer);
  // The seam: which of the optional members a stream has is found out here.
  const readable = stream as unknown as Readable & Partial<Iteration>;
  const { controller } = readable;
  // An async generator is its own iterator and may be driven by `next()` without `for await`.
  if (typeof readable.next === "function") {
    observeSteps(readable as Iteration, observer, controller);
    return;
  }
  const key = typeof readable.iterator === "function" ? "iterator" : Symbol.asyncIterator;
  const iterate = readable[key] as Readable["iterator"] & object;
  let begun = false;
  define(stream, key, function (this: unknown, ...args: unknown[]) {
    const iteration = context.with(observer.context, iterate, this, ...args);
    // The SDK refuses a second reading on its own, and that must not end the first.
    if (begun) return iteration;
    begun = true;
    // From here on the reader holds the iterator and may have let go of the stream.
    forgetDrop(observer);
    watchForDrop(iteration, observer);
    observeSteps(iteration, observer, controller);
    return iteration;
  });
}

/**
 * Replaces the steps on the iterator itself rather than wrapping it in a generator: a generator
 * ignores `return()` before its first `next()`, and hides what else the SDK's iterator can do.
 */
function observeSteps(iteration: Iteration, observer: Observer, controller: Readable["controller"]): void {
  // Bound once: a context manager binds whatever receiver it is given, at every step.
  const next = iteration.next.bind(iteration);
  const close = iteration.return?.bind(iteration);
  const raise = iteration.throw?.bind(iteration);
  const end = (): void => {
    forgetDrop(observer);
    // An abort through the controller ends the SDK's stream without an error.
    observer.close(controller?.signal?.aborted === true ? "cancelled" : "completed");
  };
  const passed = (result: unknown): unknown => {
    const { done, value } = result as IteratorResult<unknown>;
    if (done === true) end();
    else if (observer.chunk(value)) return advance(next);
    return result;
  };
  const failed = (error: unknown): never => {
    forgetDrop(observer);
    observer.fail(error);
    throw error;
  };
  let entered = false;
  const advance = (step: Step, value?: unknown): unknown => {
    let result: unknown;
    try {
      result = entered ? step(value) : context.with(observer.context, step, undefined, value);
      entered = !observer.entersEveryStep;
    } catch (error) {
      return failed(error);
    }
    return isThenable(result) ? result.then(passed, failed) : passed(result);
  };
  define(iteration, "next", (value?: unknown) => advance(next, value));
  if (raise) define(iteration, "throw", (value?: unknown) => advance(raise, value));
  define(iteration, "return", (value?: unknown) => {
    forgetDrop(observer);
    observer.close("cancelled");
    if (!close) return Promise.resolve({ done: true, value });
    return context.with(observer.context, close, undefined, value);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

/** As a class would: not enumerable, so that the user's spreads and logs look as before. */
function define(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
}
