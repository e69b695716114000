import type { ProviderAdapter } from "../adapter.ts";
import type { Exports, Method } from "../patch.ts";

/** Another product's instrumentation of the same methods. */
export interface OtherInstrumentation {
  /** Calls it has seen. */
  calls(): number;
}

/** Wraps every prototype method that an adapter names, in the plain way that most products do. */
export function instrumentBeside(adapter: ProviderAdapter, exports: Exports): OtherInstrumentation {
  let calls = 0;
  for (const { target } of adapter.operations) {
    const path = target.split(".");
    const key = path.pop() ?? "";
    // A path that some version lacks ends in `undefined`.
    const owner = path.reduce<Exports | undefined>((at, name) => at?.[name] as Exports | undefined, exports);
    const original = owner?.[key];
    if (!owner || typeof original !== "function") continue;
    owner[key] = function (this: unknown, ...args: unknown[]): unknown {
      calls += 1;
      return (original as Method).apply(this, args);
    };
  }
  return { calls: () => calls };
}
