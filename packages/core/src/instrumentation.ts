import type { TracerProvider } from "@opentelemetry/api";
import {
  type Instrumentation,
  InstrumentationBase,
  type InstrumentationConfig,
  type InstrumentationModuleDefinition,
  InstrumentationNodeModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { ProviderAdapter } from "./adapter.ts";
import { settings } from "./config.ts";
import type { Tracing } from "./observe-method.ts";
import type { Exports } from "./patch.ts";
import { patchExports } from "./patch-exports.ts";
import { processState } from "./process-state.ts";
import { Tracers } from "./tracers.ts";
import { diag } from "./telemetry.ts";
import { isWithin } from "./version-range.ts";

/** The class that users register with OpenTelemetry. */
export interface InstrumentationClass {
  new (config?: InstrumentationConfig): Instrumentation;
  /** The same for those who hook modules by themselves; `undefined` where it is switched off. */
  observer(): ModuleObserver | undefined;
}

/** Observes each copy of a package that is loaded. */
export interface ModuleObserver {
  /** The package whose entry is observed. */
  readonly name: string;
  /** Returns what the module hands out from now on. */
  readonly loaded: (exports: Exports, version: string | undefined) => Exports;
}

/** A package that is patched: which, in which versions, and how. */
export interface ModulePatch {
  /** Scope suffix and off-switch, as in {@link ProviderAdapter.id}. */
  readonly id: string;
  readonly module: ProviderAdapter["module"];
  /** Called with the exports of each copy that is loaded; returns what the module hands out from then on. */
  patch(exports: Exports, tracing: Omit<Tracing, "adapter">): Exports;
}

/** Turns an adapter into the class that users register with OpenTelemetry. */
export function instrumentationFor(adapter: ProviderAdapter, version: string): InstrumentationClass {
  const { id, module } = adapter;
  return patchingInstrumentation(
    { id, module, patch: (exports, tracing) => patchExports(exports, { adapter, ...tracing }) },
    version,
  );
}

/**
 * The class for frameworks that take more than methods to observe. What it does is held by the
 * closure, because `InstrumentationBase` calls `init()` before fields of a subclass exist.
 */
export function patchingInstrumentation(subject: ModulePatch, version: string): InstrumentationClass {
  const scope = `${scopePrefix}${subject.id}`;
  return class extends InstrumentationBase {
    static observer(): ModuleObserver | undefined {
      if (settings().isDisabled(subject.id)) return undefined;
      const tracers = new Tracers(scope, version);
      return observerOf(subject, { tracer: () => tracers.current(), enabled: () => true });
    }

    // Not initialised here: `init()` has set it by the time fields would be.
    declare private tracers: Tracers;

    constructor(config: InstrumentationConfig = {}) {
      super(scope, version, config);
    }

    override setTracerProvider(provider: TracerProvider): void {
      super.setTracerProvider(provider);
      this.tracers.prefer(provider);
    }

    protected init(): InstrumentationModuleDefinition[] {
      this.tracers = new Tracers(scope, version);
      if (settings().isDisabled(subject.id)) return [];
      const { name, loaded } = observerOf(subject, {
        tracer: () => this.tracers.current(),
        enabled: () => this.isEnabled(),
      });
      // Every version: those outside the tested range are noted.
      const definition: InstrumentationModuleDefinition = new InstrumentationNodeModuleDefinition(name, ["*"], loaded);
      definition.includePrerelease = true;
      return [definition];
    }
  };
}

const observerOf = (subject: ModulePatch, tracing: Omit<Tracing, "adapter">): ModuleObserver => ({
  name: subject.module.name,
  loaded(exports, version) {
    const supported = isWithin(version, subject.module.versions);
    noteModule(subject, version, supported);
    return supported ? subject.patch(exports, tracing) : exports;
  },
});

const scopePrefix = "@tokenledger/instrumentation-";

/** Remembers what was loaded, for `doctor`, and says once where a version is outside the tested range. */
function noteModule(subject: ModulePatch, version: string | undefined, supported: boolean): void {
  const { modules } = processState();
  const { name, versions } = subject.module;
  const key = `${subject.id} ${name}@${version}`;
  if (modules.has(key)) return;
  modules.set(key, { adapter: subject.id, name, version, supported });
  if (supported) return;
  diag.warn(
    `tokenledger: ${name} ${version} is not observed: its calls will be missing from the ledger. ` +
      `Tested versions are ${versions}; install one of those, or a Tokenledger that knows this one.`,
  );
}
