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

/** What is known of one promise. */
interface Watch {
  readonly parsing: Parsing;
  /** The promise of the call itself. A derived one transforms the value, which is then not the SDK's. */
  readonly direct: boolean;
  /** Whether its parsing is being followed. */
  followed: boolean;
}

/** Its constructor makes nothing of its own, so a subclass puts its private field on the object it is given. */
class Given {
  constructor(object: object) {
    return object;
  }
}

/** A note on a promise that nobody else can see, and that takes no table to look up. */
class Noted extends Given {
  readonly #watch: Watch;

  private constructor(promise: object, watch: Watch) {
    super(promise);
    this.#watch = watch;
  }

  static put(promise: object, watch: Watch): void {
    void new Noted(promise, watch);
  }

  static get(promise: object): Watch | undefined {
    return #watch in promise ? promise.#watch : undefined;
  }
}

/** Observes a lazy promise without parsing its body, and without handling a rejection that the user does not. */
export function observeApiPromise(promise: ApiPromise, observer: Observer): void {
  const parsing: Parsing = { observer, begun: false, arrived: false, watched: false };
  follow(promise, { parsing, direct: true, followed: false });
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
    const { observer } = parsing;
    if (parsing.watched) forgetDrop(observer);
    parsing.begun = true;
    const arrived = direct ? (value: unknown) => arriveOnce(value, parsing) : undefined;
    // Registered before the user's own handlers, so a stream is observed before they see it.
    void parsed.then(arrived, (error: unknown) => observer.fail(error));
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
        if (!parsing.begun) parsing.observer.close("completed");
        return value;
      },
      (error: unknown) => {
        parsing.observer.fail(error);
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
    const { observer } = parsing;
    void raw.then(
      (value) => {
        if (parsing.begun || !quietly("observing a raw stream", observeRawStream, value as RawResponse, observer))
          return;
        parsing.begun = true;
        parsing.arrived = true;
        forgetDrop(observer);
      },
      (error: unknown) => observer.fail(error),
    );
    return raw;
  };
}

function arriveOnce(value: unknown, parsing: Parsing): void {
  if (parsing.arrived) return;
  parsing.arrived = true;
  arrive(value, parsing.observer);
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
