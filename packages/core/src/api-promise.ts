import { arrive } from "./arrival.ts";
import { quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { observeRawStream, type RawResponse } from "./raw-stream.ts";
import { forgetDrop, watchForDrop } from "./stream.ts";

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
  /** Whether the garbage collector has been asked to tell of the promise. */
  watched: boolean;
}

/** Observes a lazy promise without parsing its body, and without handling a rejection that the user does not. */
export function observeApiPromise(promise: ApiPromise, observer: Observer): void {
  const parsing: Parsing = { observer, begun: false, arrived: false, watched: false };
  const { _thenUnwrap } = promise;
  const arrived = (value: unknown): void => arriveOnce(value, parsing);
  // A derived promise parses by itself, past this one, and transforms the value.
  replace(promise, "_thenUnwrap", (transform: Transform) => {
    const derived = _thenUnwrap.call(promise, (value, ...rest) => {
      arrived(value);
      return transform(value, ...rest);
    });
    observeEndings(derived, parsing, undefined);
    return derived;
  });
  observeEndings(promise, parsing, arrived);
  // `await` reaches `then()` one turn later; whoever has not parsed by then may never do so.
  void turn.then(() =>
    turn.then(() => {
      if (parsing.begun) return;
      parsing.watched = true;
      watchForDrop(promise, observer);
    }),
  );
}

/** Cheaper than `queueMicrotask`, which makes an asynchronous resource of its own for every call. */
const turn = Promise.resolve();

/** Parsed bodies, failures before any parsing, and bodies taken raw: hooked where the user asks for them. */
function observeEndings(promise: ApiPromise, parsing: Parsing, arrived: ((value: unknown) => void) | undefined): void {
  const { observer } = parsing;
  const { parse, asResponse, _responseProps } = promise;
  const failed = (error: unknown): void => observer.fail(error);
  let watched = false;
  replace(promise, "parse", () => {
    const parsed = parse.call(promise);
    if (parsing.watched) forgetDrop(observer);
    parsing.begun = true;
    // Registered before the user's own handlers, so a stream is observed before they see it.
    if (!watched) void parsed.then(arrived, failed);
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
    void raw.then((value) => {
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
  void Object.defineProperty(promise, key, { value, configurable: true, writable: true, enumerable });
}

export function isApiPromise(value: unknown): value is ApiPromise {
  const candidate = value as Partial<ApiPromise> | null | undefined;
  return (
    typeof candidate?.parseResponse === "function" &&
    typeof candidate._thenUnwrap === "function" &&
    candidate.responsePromise instanceof Promise
  );
}
