import { isApiPromise, observeApiPromise } from "./api-promise.ts";
import { arrive } from "./arrival.ts";
import type { Observer } from "./observer.ts";

/**
 * Observes what a method returned and hands it back. SDK objects stay themselves. A plain promise is
 * replaced by one that settles alike, because watching the original would mark its rejection as
 * handled and hide an `unhandledRejection` from the user.
 */
export function observeReturn(returned: unknown, observer: Observer): unknown {
  if (isApiPromise(returned)) observeApiPromise(returned, observer);
  else if (isPlainPromise(returned)) return returned.then(...settlement(observer));
  // A subclass may carry methods of its own, so it is kept, at the price of that mark.
  else if (returned instanceof Promise) returned.then(...settlement(observer)).catch(() => undefined);
  else arrive(returned, observer);
  return returned;
}

function settlement(observer: Observer): [(value: unknown) => unknown, (error: unknown) => never] {
  return [
    (value) => {
      arrive(value, observer);
      return value;
    },
    (error) => {
      observer.fail(error);
      throw error;
    },
  ];
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Reflect.ownKeys(value).length === 0
  );
}
