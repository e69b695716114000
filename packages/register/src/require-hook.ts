import Module, { createRequire } from "node:module";
import { sep } from "node:path";
import type { Exports } from "@tokenledger/core";

/** Returns what a package hands out from now on; `directory` is the package's own. */
export type Show = (exports: Exports, name: string, directory: string) => Exports;

/** The steps of `require` that loaders and hooks replace, and that Node's types leave out. */
const steps = Module as unknown as {
  readonly prototype: { require: (this: unknown, ...args: unknown[]) => unknown };
  _resolveFilename(request: unknown, parent: unknown): string;
};

/**
 * Shows what `require` returns for the entries of the named packages.
 *
 * OpenTelemetry's hook looks up the file and the package of every module a second time, which doubles
 * the time that loading an SDK of hundreds of files takes. Here only requests that contain a package's
 * name are looked at; the relative ones inside packages pass at the cost of a comparison.
 */
export const hookRequires = (names: readonly string[], show: Show): void => {
  const original = steps.prototype.require;
  const loading = new Set<string>();
  const shown = new WeakMap<object, Exports>();

  const observed = (parent: unknown, request: unknown, load: () => unknown): unknown => {
    const entry = entryOf(names, parent, request);
    // What a package in the middle of loading hands to its own files is not whole yet.
    if (entry === undefined || loading.has(entry.file)) return load();
    loading.add(entry.file);
    try {
      const exports = load();
      if (!isExports(exports)) return exports;
      const known = shown.get(exports);
      if (known !== undefined) return known;
      shown.set(exports, exports); // An observer may require the same package.
      const handedOut = show(exports, entry.name, entry.directory);
      shown.set(exports, handedOut);
      return handedOut;
    } finally {
      loading.delete(entry.file);
    }
  };

  steps.prototype.require = function (...args) {
    const load = (): unknown => original.apply(this, args);
    const request = portable(args[0]);
    return names.some((name) => request.includes(name)) ? observed(this, args[0], load) : load();
  };
};

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly directory: string;
}

/** The package whose main file a request leads to. */
const entryOf = (names: readonly string[], parent: unknown, request: unknown): Entry | undefined => {
  try {
    const file = steps._resolveFilename(request, parent);
    for (const name of names) {
      const marker = `/node_modules/${name}/`;
      const end = portable(file).lastIndexOf(marker) + marker.length - 1;
      const directory = file.slice(0, end);
      if (end >= marker.length - 1 && createRequire(file).resolve(name) === file) return { name, file, directory };
    }
  } catch {
    // The request itself, made next, fails or knows better.
  }
  return undefined;
};

/** Anything but text is left for `require` to refuse. */
const portable = (path: unknown): string =>
  typeof path !== "string" ? "" : sep === "/" ? path : path.replaceAll(sep, "/");

const isExports = (value: unknown): value is Exports =>
  (typeof value === "object" && value !== null) || typeof value === "function";
