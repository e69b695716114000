import { callKey } from "./call-context.ts";
import { quietly } from "./guard.ts";
import { context } from "./telemetry.ts";

/** Counts the HTTP requests made for one call. */
export interface AttemptCounter {
  attempts: number;
}

const method = "fetchWithTimeout";
type Fetch = (this: unknown, ...args: unknown[]) => unknown;
type Prototype = Record<string, unknown>;

const seen = new WeakSet<object>();

/**
 * Makes the client's HTTP requests countable. Stainless SDKs retry inside one call and send each
 * attempt through `fetchWithTimeout`; it sits on the client's class or, in some versions, on a base
 * class that is not exported, so it is found from the client itself and observed there once.
 */
export function countAttempts(client: object): void {
  const start: unknown = Object.getPrototypeOf(client);
  if (typeof start !== "object" || start === null || seen.has(start)) return;
  seen.add(start);
  quietly("observing HTTP attempts", observeFetch, start);
}

function observeFetch(start: object): void {
  let prototype: object | null = start;
  while (prototype && !Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype) as object | null;
  if (!prototype || observed.has(prototype)) return;
  observed.add(prototype);
  // The seam: a class of the SDK seen as a table of its methods.
  const original = (prototype as Prototype)[method];
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method);
  if (typeof original !== "function" || !descriptor) return;
  const counted: Fetch = function (...args) {
    const call = context.active().getValue(callKey) as AttemptCounter | undefined;
    if (call) call.attempts += 1;
    return (original as Fetch).apply(this, args);
  };
  Object.defineProperty(counted, "name", { value: method });
  Object.defineProperty(prototype, method, { ...descriptor, value: counted });
}

const observed = new WeakSet<object>();
