import type { Instrumentation, InstrumentationModuleDefinition } from "@opentelemetry/instrumentation";
import type { Operation, ProviderAdapter } from "../adapter.ts";
import { instrumentationFor } from "../instrumentation.ts";
import type { Exports } from "../patch.ts";

/** An SDK's exports, before and after they are patched. */
export interface PatchedModule {
  patch(): void;
  /** What a program that loads the SDK now would get. */
  exports(): Exports;
  enable(): void;
  disable(): void;
}

interface Definitions {
  getModuleDefinitions(): InstrumentationModuleDefinition[];
}

/** Patches an SDK that is already loaded, as the loader hooks would while it loads. */
export function patchModule(adapter: ProviderAdapter, loaded: unknown): PatchedModule {
  // The base class has this method; the interface that users see does not.
  const instrumentation = new (instrumentationFor(adapter, "0.0.0-test"))() as Instrumentation & Definitions;
  // Modules are objects, and so are the functions that some CommonJS packages export.
  let exports = loaded as Exports;
  return {
    patch() {
      const [definition] = instrumentation.getModuleDefinitions();
      exports = (definition?.patch?.(exports, adapter.module.versions) as Exports | undefined) ?? exports;
    },
    exports: () => exports,
    enable: () => instrumentation.enable(),
    disable: () => instrumentation.disable(),
  };
}

/** Makes every mapper of an adapter throw while `on`. */
export interface Sabotage {
  on: boolean;
}

/** The same adapter, with mappers that can be made to throw. */
export function sabotaged(adapter: ProviderAdapter): { adapter: ProviderAdapter; sabotage: Sabotage } {
  const sabotage: Sabotage = { on: false };
  const mappers = ["request", "response", "failure", "stream", "fold", "ask"] as const;
  const operations = adapter.operations.map((operation) => {
    const broken: Record<string, unknown> = { ...operation };
    for (const mapper of mappers) {
      const original = operation[mapper] as ((...args: unknown[]) => unknown) | undefined;
      if (!original) continue;
      broken[mapper] = (...args: unknown[]) => {
        if (sabotage.on) throw new Error(`${mapper} was made to throw`);
        return original.apply(operation, args);
      };
    }
    // Every member of the original is there, each with its own parameters.
    return broken as unknown as Operation;
  });
  return { adapter: { ...adapter, operations }, sabotage };
}
