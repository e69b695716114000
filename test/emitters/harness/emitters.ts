import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Expected } from "./expected.ts";

const home = resolve(import.meta.dirname, "..");

/** A program that other people's instrumentation traces, in a folder of its own. */
export interface Emitter {
  readonly name: string;
  readonly directory: string;
  /** The program, beside its `package.json`. */
  readonly program: string;
}

/** Every folder with a program, by name. */
export function listEmitters(): Emitter[] {
  return readdirSync(home)
    .map((name) => ({ name, directory: join(home, name) }))
    .flatMap((emitter) => {
      const program = ["app.mjs", "app.cjs"].find((file) => existsSync(join(emitter.directory, file)));
      return program === undefined ? [] : [{ ...emitter, program }];
    });
}

/** What the ledger is to know of it, from its `expected.ts`. */
export async function expectedOf({ directory }: Emitter): Promise<Expected> {
  const loaded: { default: Expected } = await import(pathToFileURL(join(directory, "expected.ts")).href);
  return loaded.default;
}

/** The packages it pins, as `name@version`. */
export function packagesOf({ directory }: Emitter): string[] {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  return Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
}
