import type { Tracer, TracerProvider } from "@opentelemetry/api";
import { activeTracerProvider } from "./telemetry.ts";

/** The tracer of one scope, from whatever provider is in force at the moment of a call. */
export class Tracers {
  readonly #scope: string;
  readonly #version: string;
  #preferred: TracerProvider | undefined;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  constructor(scope: string, version: string) {
    this.#scope = scope;
    this.#version = version;
  }

  /** Uses a provider that the user gave to this instrumentation. The API's own stand-in for the global is none. */
  prefer(provider: TracerProvider): void {
    this.#preferred = "getDelegate" in provider ? undefined : provider;
  }

  /** `undefined` where there is no provider at all. */
  current(): Tracer | undefined {
    const provider = this.#preferred ?? activeTracerProvider();
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = provider?.getTracer(this.#scope, this.#version);
    }
    return this.#tracer;
  }
}
