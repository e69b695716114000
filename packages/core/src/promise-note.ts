import type { Observer } from "./observer.ts";

/** What the promises derived from one call have in common. */
export interface Parsing {
  /** Of the call, then of each agent that handed its promise on. */
  readonly observers: Observer[];
  /** The body as it was parsed first; `undefined` while nobody has asked for it. */
  parsed?: Promise<unknown>;
  begun: boolean;
  arrived: boolean;
  /** Whether the garbage collector has been asked to tell of the promise. */
  watched: boolean;
}

/** What is known of one promise. */
export interface Watch {
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
export class Noted extends Given {
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
