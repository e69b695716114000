import type { TracerProvider } from "@opentelemetry/api";
import {
  type Instrumentation,
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { Operation, ProviderAdapter } from "./adapter.ts";
import { settings } from "./config.ts";
import { observing } from "./guard.ts";
import { holdBackAround } from "./native-tracing.ts";
import { observeMethod, type Tracing } from "./observe-method.ts";
import { type Exports, type Method, patchTarget } from "./patch.ts";
import { processState } from "./process-state.ts";
import { isSuppressed } from "./suppression.ts";
import { Tracers } from "./tracers.ts";
import { context, diag } from "./telemetry.ts";

type InstrumentationClass = new (config?: InstrumentationConfig) => Instrumentation;

/**
 * Turns an adapter into the class that users register with OpenTelemetry. The adapter is held by the
 * closure, because `InstrumentationBase` calls `init()` before fields of a subclass exist.
 */
export function instrumentationFor(adapter: ProviderAdapter, version: string): InstrumentationClass {
  const { name, versions } = adapter.module;
  return class extends InstrumentationBase {
    // Not initialised here: `init()` has set it by the time fields would be.
    declare private tracers: Tracers;

    constructor(config: InstrumentationConfig = {}) {
      super(`${scopePrefix}${adapter.id}`, version, config);
    }

    override setTracerProvider(provider: TracerProvider): void {
      super.setTracerProvider(provider);
      this.tracers.prefer(provider);
    }

    protected init(): InstrumentationNodeModuleDefinition[] {
      this.tracers = new Tracers(`${scopePrefix}${adapter.id}`, version);
      if (settings().isDisabled(adapter.id)) return [];
      const tracing: Tracing = {
        adapter,
        tracer: () => this.tracers.current(),
        enabled: () => this.isEnabled() && observing() && !isSuppressed(context.active()),
      };
      return [
        new InstrumentationNodeModuleDefinition(name, [versions], (exports: Exports, loaded) => {
          noteModule(adapter, loaded, true);
          return patch(exports, tracing);
        }),
        // Comes after the first: what that one did not take is outside the tested range.
        new InstrumentationNodeModuleDefinition(name, ["*"], (exports: Exports, loaded) => {
          noteModule(adapter, loaded, false);
          return exports;
        }),
      ];
    }
  };
}

const scopePrefix = "@tokenledger/instrumentation-";

function patch(exports: Exports, tracing: Tracing): Exports {
  const { adapter } = tracing;
  const { native } = adapter;
  let handedOut = exports;
  if (native) {
    const around = (original: Method): Method => holdBackAround(native, tracing.enabled, original);
    for (const entrance of native.entrances ?? []) {
      handedOut = patchTarget(handedOut, entrance, adapter.id, around).exports;
    }
  }
  for (const operation of adapter.operations) {
    const around = (original: Method): Method => observeMethod(tracing, operation, original);
    const patched = patchTarget(handedOut, operation.target, adapter.id, around);
    handedOut = patched.exports;
    if (!patched.found)
      diag.debug(`tokenledger: ${adapter.id} has no ${operation.target}; it is not observed`);
  }
  return handedOut;
}

/** Remembers what was loaded, for `doctor`, and says once where a version is outside the tested range. */
function noteModule(adapter: ProviderAdapter, version: string | undefined, supported: boolean): void {
  const { modules } = processState();
  const { name, versions } = adapter.module;
  const key = `${adapter.id} ${name}@${version}`;
  if (modules.has(key)) return;
  modules.set(key, { adapter: adapter.id, name, version, supported });
  if (supported) return;
  diag.warn(
    `tokenledger: ${name} ${version} is not observed: its calls will be missing from the ledger. ` +
      `Tested versions are ${versions}; install one of those, or a Tokenledger that knows this one.`,
  );
}
