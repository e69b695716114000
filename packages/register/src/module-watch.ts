import type { TracerProvider } from "@opentelemetry/api";
import {
  InstrumentationBase,
  type InstrumentationModuleDefinition,
  InstrumentationNodeModuleDefinition,
} from "@opentelemetry/instrumentation";
import type { ApiCopy } from "./stand-in.ts";

/** What happens when the application loads a module. */
export interface ModuleWatch {
  readonly name: string;
  readonly loaded: (moduleExports: unknown) => void;
}

/** Sees modules being loaded, by `import` and by `require`, and leaves them as they are. */
export const watchModules = (watches: readonly ModuleWatch[]): void => {
  const define = ({ name, loaded }: ModuleWatch): InstrumentationModuleDefinition => {
    const definition: InstrumentationModuleDefinition = new InstrumentationNodeModuleDefinition(
      name,
      ["*"],
      (moduleExports: unknown) => {
        loaded(moduleExports);
        return moduleExports;
      },
    );
    definition.includePrerelease = true;
    return definition;
  };
  class ModuleWatcher extends InstrumentationBase {
    protected init(): InstrumentationModuleDefinition[] {
      return watches.map(define);
    }
  }
  new ModuleWatcher("@tokenledger/register", "0.1.0", {});
};

/**
 * Puts a stand-in behind the no-op provider of every copy of the API that is loaded while `vacant`
 * says that the application has no provider.
 */
export const apiWatch = (vacant: () => boolean, standInFor: (copy: ApiCopy) => TracerProvider): ModuleWatch => ({
  name: "@opentelemetry/api",
  loaded(moduleExports) {
    const copy = moduleExports as ApiCopy;
    if (!vacant()) return;
    const proxy = copy.trace.getTracerProvider() as ProxyProvider;
    proxy.setDelegate?.(standInFor(copy));
  },
});

/** The API's own proxy, of any version and copy: `instanceof` does not reach across copies. */
type ProxyProvider = TracerProvider & { setDelegate?(delegate: TracerProvider): void };
