import { holdBackAround } from "./native-tracing.ts";
import { observeMethod, observes, type Tracing } from "./observe-method.ts";
import { type Exports, type Method, patchTarget } from "./patch.ts";
import { diag } from "./telemetry.ts";

/** Patches all that an adapter names, and returns what the module must hand out from now on. */
export function patchExports(exports: Exports, tracing: Tracing): Exports {
  const { adapter } = tracing;
  const { native } = adapter;
  let handedOut = exports;
  if (native) {
    const around = (original: Method): Method => holdBackAround(native, () => observes(tracing), original);
    for (const entrance of native.entrances ?? []) {
      handedOut = patchTarget(handedOut, entrance, adapter.id, around).exports;
    }
  }
  for (const operation of adapter.operations) {
    const around = (original: Method): Method => observeMethod(tracing, operation, original);
    const patched = patchTarget(handedOut, operation.target, adapter.id, around);
    handedOut = patched.exports;
    if (!patched.found) diag.debug(`tokenledger: ${adapter.id} has no ${operation.target}; it is not observed`);
  }
  return handedOut;
}
