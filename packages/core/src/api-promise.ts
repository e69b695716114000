import { arrive } from "./arrival.ts";
import { quietly } from "./guard.ts";
import type { Observer } from "./observer.ts";
import { Noted, type Parsing, type Watch } from "./promise-note.ts";
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

/** Observes a lazy promise without parsing its body, and without handling a rejection that the user does not. */
export function observeApiPromise(promise: ApiPromise, observer: Observer): void {
  const known = Noted.get(promise)?.parsing;
  if (known !== undefined) {
    joinParsing(known, promise, observer);
    return;
  }
  const parsing: Parsing = { observers: [observer], begun: false, arrived: false, watched: false };
  follow(promise, { parsing, direct: true, followed: false });
  // `await` reaches `then()` one turn later; whoever has not parsed by then may never do so.
  void turn.then(() =>
    turn.then(() => {
      if (parsing.begun) return;
      parsing.watched = true;
      for (const each of parsing.observers) watchForDrop(promise, each);
    }),
  );
}

/** Lets one more observer see the endings of a promise that is observed: an agent returned its call's. */
function joinParsing(parsing: Parsing, promise: ApiPromise, observer: Observer): void {
  if (parsing.parsed !== undefined) {
    void parsing.parsed.then(
      (value) => arrive(value, observer),
      (error: unknown) => observer.fail(error),
    );
    return;
  }
  parsing.observers.push(observer);
  if (parsing.watched) watchForDrop(promise, observer);
}

/** Cheaper than `queueMicrotask`, which makes an asynchronous resource of its own for every call. */
const turn = Promise.resolve();

function follow(promise: ApiPromise, watch: Watch): void {
  Noted.put(promise, watch);
  hookClass(Object.getPrototypeOf(promise) as ApiPromise);
  // From openai 7 on each instance has its own.
  if (Object.hasOwn(promise, "_thenUnwrap")) promise._thenUnwrap = unwrapping(promise._thenUnwrap);
}

const hooked = new WeakSet<object>();

/**
 * Hooks the promise's class, once: what its methods do for promises that carry no note is to look for
 * one. Endings are followed only where the user asks for them, so nothing is parsed early and no
 * rejection is handled that the user leaves alone.
 */
function hookClass(prototype: ApiPromise): void {
  if (hooked.has(prototype)) return;
  hooked.add(prototype);
  const { parse, asResponse, _thenUnwrap, _responseProps } = prototype;
  replace(prototype, "parse", parsingOf(parse));
  replace(prototype, "asResponse", rawResponse(asResponse));
  replace(prototype, "_thenUnwrap", unwrapping(_thenUnwrap));
  if (_responseProps) replace(prototype, "_responseProps", rawProps(_responseProps));
}

/** Parsed bodies, and failures before any parsing. Whatever awaits the promise passes here. */
function parsingOf(original: ApiPromise["parse"]): ApiPromise["parse"] {
  return function parse(this: ApiPromise) {
    const parsed = original.call(this);
    const watch = Noted.get(this);
    if (!watch || watch.followed) return parsed;
    watch.followed = true;
    const { parsing, direct } = watch;
    if (parsing.watched) forgetDrops(parsing);
    parsing.begun = true;
    parsing.parsed ??= parsed;
    const arrived = direct ? (value: unknown) => arriveOnce(value, parsing) : undefined;
    // Registered before the user's own handlers, so a stream is observed before they see it.
    void parsed.then(arrived, (error: unknown) => fail(parsing, error));
    return parsed;
  };
}

/** A derived promise parses by itself, past the one it came from, and transforms the value. */
function unwrapping(original: ApiPromise["_thenUnwrap"]): ApiPromise["_thenUnwrap"] {
  return function _thenUnwrap(this: ApiPromise, transform: Transform) {
    const watch = Noted.get(this);
    if (!watch) return original.call(this, transform);
    const { parsing, direct } = watch;
    const observed: Transform = (value, ...rest) => {
      if (direct) arriveOnce(value, parsing);
      return transform(value, ...rest);
    };
    const derived = original.call(this, observed);
    follow(derived, { parsing, direct: false, followed: false });
    return derived;
  };
}

/** A body taken raw: the call is over, and what it used stays unknown. */
function rawResponse(original: ApiPromise["asResponse"]): ApiPromise["asResponse"] {
  return function asResponse(this: ApiPromise) {
    const response = original.call(this);
    const parsing = Noted.get(this)?.parsing;
    // `withResponse()` parses and then asks for the response: the body tells more.
    if (!parsing || parsing.begun) return response;
    return response.then(
      (value) => {
        if (!parsing.begun) for (const observer of parsing.observers) observer.close("completed");
        return value;
      },
      (error: unknown) => {
        fail(parsing, error);
        throw error;
      },
    );
  };
}

/** Whoever takes a stream this way parses it by itself: nothing will come through the promise. */
function rawProps(original: () => Promise<unknown>): () => Promise<unknown> {
  return function _responseProps(this: ApiPromise) {
    const raw = original.call(this);
    const parsing = Noted.get(this)?.parsing;
    if (!parsing) return raw;
    void raw.then(
      (value) => {
        if (parsing.begun) return;
        const watched = (observer: Observer): boolean | undefined =>
          quietly("observing a raw stream", observeRawStream, value as RawResponse, observer);
        if (!parsing.observers.map(watched).includes(true)) return;
        parsing.begun = true;
        parsing.arrived = true;
        forgetDrops(parsing);
      },
      (error: unknown) => fail(parsing, error),
    );
    return raw;
  };
}

function arriveOnce(value: unknown, parsing: Parsing): void {
  if (parsing.arrived) return;
  parsing.arrived = true;
  for (const observer of parsing.observers) arrive(value, observer);
}

function fail({ observers }: Parsing, error: unknown): void {
  for (const observer of observers) observer.fail(error);
}

function forgetDrops({ observers }: Parsing): void {
  for (const observer of observers) forgetDrop(observer);
}

function replace(prototype: ApiPromise, key: keyof ApiPromise, value: unknown): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
  void Object.defineProperty(prototype, key, { value, configurable: true, writable: true, enumerable });
}

export function isApiPromise(value: unknown): value is ApiPromise {
  const candidate = value as Partial<ApiPromise> | null | undefined;
  return (
    typeof candidate?.parseResponse === "function" &&
    typeof candidate._thenUnwrap === "function" &&
    candidate.responsePromise instanceof Promise
  );
}
