import { createRequire, register } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Lets `import` be observed. `require` needs no loader.
 *
 * Always scoped: a loader that wraps every module breaks some of them (openai 4 under `import`) and
 * doubles the start-up time. Synchronous hooks run in the application's thread and are used where
 * Node has them without faults; older releases of Node 22 and 24 load the same hooks in a thread of
 * their own.
 */
export const hookImports = (include: readonly string[]): void => {
  // Required here: that thread cannot load an ES module at its start, and `--require` reaches it too.
  const loader: typeof import("import-in-the-middle/register-hooks.mjs") = require("import-in-the-middle/register-hooks.mjs");
  if (loader.supportsSyncHooks()) loader.register({ include: [...include] });
  else register("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: [...include] } });
};
