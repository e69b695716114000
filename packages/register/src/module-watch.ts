import type { TracerProvider } from "@opentelemetry/api";
import type { ModuleObserver } from "@tokenledger/core";
import type { ApiCopy } from "./stand-in.ts";

/** Sees a module being loaded, and leaves it as it is. */
export const watch = (name: string, loaded: (moduleExports: unknown) => void): ModuleObserver => ({
  name,
  loaded(moduleExports) {
    loaded(moduleExports);
    return moduleExports;
  },
});

/**
 * Puts a stand-in behind the no-op provider of every copy of the API that is loaded while `vacant`
 * says that the application has no provider.
 */
export const apiWatch = (vacant: () => boolean, standInFor: (copy: ApiCopy) => TracerProvider): ModuleObserver =>
  watch("@opentelemetry/api", (moduleExports) => {
    const copy = moduleExports as ApiCopy;
    if (!vacant()) return;
    const proxy = copy.trace.getTracerProvider() as ProxyProvider;
    proxy.setDelegate?.(standInFor(copy));
  });

/** The API's own proxy, of any version and copy: `instanceof` does not reach across copies. */
type ProxyProvider = TracerProvider & { setDelegate?(delegate: TracerProvider): void };
