import type { TracerProvider } from "@opentelemetry/api";
import {
  type Instrumentation,
  InstrumentationBase,
  type InstrumentationConfig,
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

type InstrumentationClass = new (config?: InstrumentationConfig) => Instrumentation;

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
  const { name, versions } = subject.module;
  return class extends InstrumentationBase {
    // Not initialised here: `init()` has set it by the time fields would be.
    declare private tracers: Tracers;

    constructor(config: InstrumentationConfig = {}) {
      super(`${scopePrefix}${subject.id}`, version, config);
    }

    override setTracerProvider(provider: TracerProvider): void {
      super.setTracerProvider(provider);
      this.tracers.prefer(provider);
    }

    protected init(): InstrumentationNodeModuleDefinition[] {
      this.tracers = new Tracers(`${scopePrefix}${subject.id}`, version);
      if (settings().isDisabled(subject.id)) return [];
      const tracing = {
        tracer: () => this.tracers.current(),
        enabled: () => this.isEnabled(),
      };
      return [
        new InstrumentationNodeModuleDefinition(name, [versions], (exports: Exports, loaded) => {
          noteModule(subject, loaded, true);
          return subject.patch(exports, tracing);
        }),
        // Comes after the first: what that one did not take is outside the tested range.
        new InstrumentationNodeModuleDefinition(name, ["*"], (exports: Exports, loaded) => {
          noteModule(subject, loaded, false);
          return exports;
        }),
      ];
    }
  };
}

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
