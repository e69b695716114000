import {
  INVALID_SPAN_CONTEXT,
  trace,
  type Context,
  type ContextManager,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
} from "@opentelemetry/api";
import { activeTracerProvider, context, hasContextManager } from "@tokenledger/core";

/** The part of an `@opentelemetry/api` copy that a stand-in needs. */
export interface ApiCopy {
  readonly context: { setGlobalContextManager(manager: ContextManager): boolean };
  readonly trace: { getTracerProvider(): TracerProvider };
}

/**
 * A provider that serves only while the application has none.
 *
 * It never takes the application's seat: an application that called `setGlobalTracerProvider` later
 * would be refused. It stands behind the empty chair instead, as the delegate of the API's own no-op
 * proxy, which `setGlobalTracerProvider` replaces by itself. Tracers handed out before then look for
 * the application's provider on every span.
 */
export class StandInProvider implements TracerProvider {
  readonly #source: () => TracerProvider | undefined;
  readonly #contextManager: ContextManager;
  readonly #copy: ApiCopy | undefined;

  /**
   * @param source Makes the real provider on first use; `undefined` where the environment wants none.
   * @param contextManager Serves where the application has registered no context manager.
   * @param copy The API copy whose tracers this provider serves; `undefined` for the engine's own.
   */
  constructor(source: () => TracerProvider | undefined, contextManager: ContextManager, copy?: ApiCopy) {
    this.#source = source;
    this.#contextManager = contextManager;
    this.#copy = copy;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new StandInTracer(() => {
      const active = activeTracerProvider();
      if (active !== undefined && !(active instanceof StandInProvider)) return active.getTracer(name, version, options);
      this.#connectContexts();
      return this.#source()?.getTracer(name, version, options);
    });
  }

  /**
   * The application's own spans need a context manager that its API copy can see. It is registered
   * through that copy, so that its version matches whatever the application registers later, and
   * only when such a span starts, so that a set-up of its own comes first.
   */
  #connectContexts(): void {
    if (this.#copy === undefined || hasContextManager()) return;
    this.#copy.context.setGlobalContextManager(this.#contextManager);
  }
}

class StandInTracer implements Tracer {
  readonly #target: () => Tracer | undefined;

  constructor(target: () => Tracer | undefined) {
    this.#target = target;
  }

  startSpan(name: string, options?: SpanOptions, parent?: Context): Span {
    const tracer = this.#target();
    // The SDK's own API copy may be deaf to the application's context: name the parent.
    return tracer?.startSpan(name, options, parent ?? context.active()) ?? trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  }

  startActiveSpan<Run extends (span: Span) => unknown>(name: string, run: Run): ReturnType<Run>;
  startActiveSpan<Run extends (span: Span) => unknown>(name: string, options: SpanOptions, run: Run): ReturnType<Run>;
  startActiveSpan<Run extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    parent: Context,
    run: Run,
  ): ReturnType<Run>;
  startActiveSpan(name: string, ...rest: StartActiveSpanArguments): unknown {
    const run = rest.pop() as (span: Span) => unknown;
    const [options, parent = context.active()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, parent);
    return context.with(trace.setSpan(parent, span), () => run(span));
  }
}

type StartActiveSpanArguments = (SpanOptions | Context | ((span: Span) => unknown))[];
