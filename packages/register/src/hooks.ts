import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { join } from "node:path";
import { type Exports, type ModuleObserver, quietly } from "@tokenledger/core";
import { Hook } from "import-in-the-middle";
import { hookRequires } from "./require-hook.ts";

const require = createRequire(import.meta.url);

/** Shows the entries of packages to their observers, whether they are loaded by `import` or by `require`. */
export const hookModules = (observers: readonly ModuleObserver[]): void => {
  const names = [...new Set(observers.map(({ name }) => name))];
  const show = (exports: Exports, name: string, directory: string): Exports => {
    const version = quietly("reading a package's version", versionOf, directory);
    return observers
      .filter((observer) => observer.name === name)
      .reduce((shown, { loaded }) => quietly(`observing ${name}`, loaded, shown, version) ?? shown, exports);
  };
  hookRequires(names, show);
  new Hook(names, (exports: Exports, name, directory) =>
    directory === undefined ? exports : show(exports, name, directory),
  );
  hookImports(names);
};

const versionOf = (directory: string): string | undefined => {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as { version?: string };
  return manifest.version;
};

/**
 * Lets `import` be observed. `require` needs no loader.
 *
 * Always scoped: a loader that wraps every module breaks some of them (openai 4 under `import`) and
 * doubles the start-up time. Synchronous hooks run in the application's thread and are used where
 * Node has them without faults; older releases of Node 22 and 24 load the same hooks in a thread of
 * their own.
 */
const hookImports = (include: readonly string[]): void => {
  // Required here: that thread cannot load an ES module at its start, and `--require` reaches it too.
  const loader: typeof import("import-in-the-middle/register-hooks.mjs") = require("import-in-the-middle/register-hooks.mjs");
  if (loader.supportsSyncHooks()) loader.register({ include: [...include] });
  else register("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: [...include] } });
};
