import type { NativeTracing, Operation } from "./adapter.ts";
import { settings } from "./config.ts";
import { quietly } from "./guard.ts";
import type { Method } from "./patch.ts";
import { applicationTracerProvider } from "./telemetry.ts";

/**
 * Whether a call is the SDK's own to record: it traces itself, and either nobody bills this kind of
 * call, so that its span is structure like ours would be, or the user wants its spans.
 */
export function isLeftToNative(native: NativeTracing, operation: Operation, receiver: unknown): boolean {
  return (
    quietly("looking at native tracing", () => {
      if (!tracesItself(native, receiver)) return false;
      return operation.billed === false || native.wanted(receiver, settings().environment);
    }) ?? false
  );
}

/** Silences the SDK's own span of what a method is about to do; returns what undoes it. */
export function holdBack(native: NativeTracing | undefined, receiver: unknown): (() => void) | undefined {
  if (!native || !isObject(receiver)) return undefined;
  return quietly("holding back native tracing", () => native.holdBack(receiver));
}

/** The method that takes an entrance's place: the same method, with the SDK's own span held back. */
export function holdBackAround(native: NativeTracing, enabled: () => boolean, original: Method): Method {
  return function entered(this: unknown, ...args: unknown[]): unknown {
    const held = enabled() && quietly("looking at native tracing", () => !isWanted(native, this));
    const release = held === true ? holdBack(native, this) : undefined;
    try {
      return original.apply(this, args);
    } finally {
      if (release) quietly("releasing native tracing", release);
    }
  };
}

const isWanted = (native: NativeTracing, receiver: unknown): boolean =>
  tracesItself(native, receiver) && native.wanted(receiver, settings().environment);

const tracesItself = (native: NativeTracing, receiver: unknown): receiver is object =>
  isObject(receiver) && native.traces(receiver, applicationTracerProvider() !== undefined);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
