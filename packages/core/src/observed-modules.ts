import { type ObservedModule, processState } from "./process-state.ts";

/** The SDKs loaded so far, and whether their versions are observed; `doctor` reads this. */
export function observedModules(): ObservedModule[] {
  return [...processState().modules.values()];
}
