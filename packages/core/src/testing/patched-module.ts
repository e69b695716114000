import type { Operation, ProviderAdapter } from "../adapter.ts";
import type { Exports } from "../patch.ts";
import { patchExports } from "../patch-exports.ts";
import { Tracers } from "../tracers.ts";

/** An SDK's exports, before and after they are patched. */
export interface PatchedModule {
  patch(): void;
  /** What a program that loads the SDK now would get. */
  exports(): Exports;
  enable(): void;
  disable(): void;
}

/**
 * Patches an SDK that is already loaded, as the loader hooks would while it loads. Sets no hooks:
 * they would reach the SDKs of other suites in this process.
 */
export function patchModule(adapter: ProviderAdapter, loaded: unknown): PatchedModule {
  let enabled = true;
  // Modules are objects, and so are the functions that some CommonJS packages export.
  let exports = loaded as Exports;
  const tracers = new Tracers(`@tokenledger/instrumentation-${adapter.id}`, "0.0.0-test");
  const tracing = { adapter, tracer: () => tracers.current(), enabled: () => enabled };
  return {
    patch() {
      exports = patchExports(exports, tracing);
    },
    exports: () => exports,
    enable() {
      enabled = true;
    },
    disable() {
      enabled = false;
    },
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
