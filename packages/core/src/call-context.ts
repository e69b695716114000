import { type Context, createContextKey, type Span, trace } from "@opentelemetry/api";

/** Under this key the call in progress travels down to the SDK's own HTTP layer. */
export const callKey: symbol = createContextKey("tokenledger.call");

// The API's own key, which all its 1.x copies share: keys are registered symbols.
const spanKey = createContextKey("OpenTelemetry Context Key SPAN");

/**
 * The context of one call: that of its caller, with the call's span and the call itself. Every call
 * has one, and few are ever derived from, so it holds its two values beside the caller's context and
 * copies nothing until something is added.
 */
export class CallContext implements Context {
  readonly #parent: Context;
  readonly #span: Span;
  readonly #call: unknown;

  constructor(parent: Context, span: Span, call: unknown) {
    this.#parent = parent;
    this.#span = span;
    this.#call = call;
  }

  getValue(key: symbol): unknown {
    if (key === spanKey) return this.#span;
    if (key === callKey) return this.#call;
    return this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#copy().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#copy().deleteValue(key);
  }

  #copy(): Context {
    return trace.setSpan(this.#parent, this.#span).setValue(callKey, this.#call);
  }
}
