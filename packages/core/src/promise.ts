import { quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { observeRawStream, type RawResponse } from "./raw-stream.ts";
import { forgetDrop, isAsyncIterable, observeStream, watchForDrop } from "./stream.ts";

/**
 * What matters of a Stainless `APIPromise`: it is lazy. The body is parsed on the first `then()`, and
 * only then, so that `asResponse()` can hand it over unread; parsing twice fails.
 */
interface ApiPromise extends Promise<unknown> {
  responsePromise: Promise<unknown>;
  parse: () => Promise<unknown>;
  parseResponse: (...args: unknown[]) => Promise<unknown>;
  asResponse: () => Promise<unknown>;
  _thenUnwrap: (transform: Transform) => ApiPromise;
  /** Newer Anthropic SDKs: the raw response, for helpers that parse the body later. */
  _responseProps?: () => Promise<unknown>;
}
type Transform = (value: unknown, ...rest: unknown[]) => unknown;

/** What the promises derived from one call have in common. */
interface Parsing {
  readonly observer: Observer;
  begun: boolean;
  arrived: boolean;
}

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

/** Settles the observer with a value that has arrived, or goes on watching it as a stream. */
export function arrive(value: unknown, observer: Observer): void {
  const stream = observer.streamIn(value);
  if (stream) observeStream(stream, observer);
  else observer.complete(value);
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

function observeApiPromise(promise: ApiPromise, observer: Observer): void {
  const parsing: Parsing = { observer, begun: false, arrived: false };
  const { parseResponse, _thenUnwrap } = promise;
  promise.parseResponse = (...args) =>
    parseResponse.apply(promise, args).then((value) => {
      arriveOnce(value, parsing);
      return value;
    });
  // A derived promise transforms the value, and from openai 7 on it parses past `parseResponse`.
  replace(promise, "_thenUnwrap", (transform: Transform) => {
    const derived = _thenUnwrap.call(promise, (value, ...rest) => {
      arriveOnce(value, parsing);
      return transform(value, ...rest);
    });
    observeEndings(derived, parsing);
    return derived;
  });
  observeEndings(promise, parsing);
  // `await` reaches `then()` one turn later; whoever has not parsed by then may never do so.
  queueMicrotask(() => queueMicrotask(() => parsing.begun || watchForDrop(promise, observer)));
}

/** Failures, which come before any parsing, and bodies taken raw. Hooked where the user asks for them. */
function observeEndings(promise: ApiPromise, parsing: Parsing): void {
  const { observer } = parsing;
  const { parse, asResponse, _responseProps } = promise;
  const failed = (error: unknown): void => observer.fail(error);
  let watched = false;
  replace(promise, "parse", () => {
    const parsed = parse.call(promise);
    if (!parsing.begun) forgetDrop(observer);
    parsing.begun = true;
    if (!watched) parsed.then(undefined, failed);
    watched = true;
    return parsed;
  });
  replace(promise, "asResponse", () => {
    const response = asResponse.call(promise);
    // `withResponse()` parses and then asks for the response: the body tells more.
    if (parsing.begun) return response;
    return response.then(
      (value) => {
        if (!parsing.begun) observer.close("completed");
        return value;
      },
      (error: unknown) => {
        failed(error);
        throw error;
      },
    );
  });
  if (!_responseProps) return;
  replace(promise, "_responseProps", () => {
    const raw = _responseProps.call(promise);
    raw.then((value) => {
      // Whoever reads this stream parses it by itself: nothing will come through the promise.
      if (parsing.begun || !quietly("observing a raw stream", observeRawStream, value as RawResponse, observer)) return;
      parsing.begun = true;
      parsing.arrived = true;
      forgetDrop(observer);
    }, failed);
    return raw;
  });
}

function arriveOnce(value: unknown, parsing: Parsing): void {
  if (parsing.arrived) return;
  parsing.arrived = true;
  arrive(value, parsing.observer);
}

/** Own methods stay as enumerable as they were; those of the class stay hidden. */
function replace(promise: ApiPromise, key: keyof ApiPromise, value: unknown): void {
  const enumerable = Object.hasOwn(promise, key);
  Object.defineProperty(promise, key, { value, configurable: true, writable: true, enumerable });
}

function isApiPromise(value: unknown): value is ApiPromise {
  const candidate = value as Partial<ApiPromise> | null | undefined;
  return (
    typeof candidate?.parseResponse === "function" &&
    typeof candidate._thenUnwrap === "function" &&
    candidate.responsePromise instanceof Promise
  );
}

function isPlainPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Reflect.ownKeys(value).length === 0
  );
}
