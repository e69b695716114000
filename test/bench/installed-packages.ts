import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const scope = "@tokenledger/";

/**
 * Every package that installing one of ours brings, by name and version, with the bytes of its files.
 *
 * @param packages Folder of the workspace's packages, built.
 */
export const installedPackages = (packages: string, name: string): Map<string, number> => {
  const sizes = new Map<string, number>();
  const visit = (directory: string): void => {
    const manifest: { name: string; version: string; dependencies?: Record<string, string> } = JSON.parse(
      readFileSync(join(directory, "package.json"), "utf8"),
    );
    const key = `${manifest.name}@${manifest.version}`;
    if (sizes.has(key)) return;
    sizes.set(key, bytesOf(manifest.name.startsWith(scope) ? join(directory, "dist") : directory));
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      const own = dependency.startsWith(scope) ? join(packages, dependency.slice(scope.length)) : undefined;
      visit(own ?? findPackage(dependency, directory));
    }
  };
  visit(join(packages, name));
  return sizes;
};

/** Folder of a package as seen from another, the way Node looks it up. */
const findPackage = (name: string, from: string): string => {
  const candidate = join(from, "node_modules", name);
  if (existsSync(join(candidate, "package.json"))) return candidate;
  if (dirname(from) === from) throw new Error(`${name} is not installed: run npm ci`);
  return findPackage(name, dirname(from));
};

const bytesOf = (directory: string): number =>
  readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules")
    .reduce((sum, entry) => {
      const path = join(directory, entry.name);
      return sum + (entry.isDirectory() ? bytesOf(path) : statSync(path).size);
    }, 0);
