import { isInternalThread } from "node:worker_threads";
import { quietly, settings } from "@tokenledger/core";
import { hookModules } from "./hooks.ts";
import { createObservers } from "./instrumentations.ts";
import { watch } from "./module-watch.ts";
import { offerProvider } from "./own-provider.ts";
import { noteUnsupportedVersions } from "./unsupported-versions.ts";

const startedKey: unique symbol = Symbol.for("tokenledger.register.1") as never;

/**
 * Observes every SDK that the application loads from now on. Only the first call in a process counts.
 *
 * @param options `provider`: whether spans are sent by us while the application has no tracing of its
 *   own.
 */
export const start = (options: { readonly provider: boolean }): void => {
  // The global object has no type for our symbol.
  const home = globalThis as { [startedKey]?: true };
  // A thread of Node's own runs loader hooks, and `--require` reaches it too.
  if (isInternalThread || home[startedKey] === true) return;
  home[startedKey] = true;
  const { environment } = settings();
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") return;
  quietly("starting", observe, options);
};

const observe = ({ provider }: { readonly provider: boolean }): void => {
  const observers = createObservers();
  const own = provider ? offerProvider() : undefined;
  const sdkLoaded = (): void => {
    quietly("noting unsupported versions", noteUnsupportedVersions, settings().home);
    own?.prepare();
  };
  // After the SDK's own observer, so that it has noted a version before the watch looks.
  const watched = observers.flatMap((observer) => [observer, watch(observer.name, sdkLoaded)]);
  if (own !== undefined) watched.push(own.apiWatch);
  hookModules(watched);
};
