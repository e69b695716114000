import { register } from "node:module";
import { register as registerSync, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

/**
 * Lets `import` be observed. `require` needs no loader.
 *
 * Always scoped: a loader that wraps every module breaks some of them (openai 4 under `import`) and
 * doubles the start-up time. Synchronous hooks run in the application's thread and are used where
 * Node has them without faults; older releases of Node 22 and 24 load the same hooks in a thread of
 * their own.
 */
export const hookImports = (include: readonly string[]): void => {
  if (supportsSyncHooks()) registerSync({ include: [...include] });
  else register("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: [...include] } });
};
