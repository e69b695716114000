import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Expected } from "./expected.ts";

const home = resolve(import.meta.dirname, "..");

/** A program that other people's instrumentation traces, in a folder of its own. */
export interface Emitter {
  readonly name: string;
  readonly directory: string;
  /** The program, beside the file that pins its packages. */
  readonly program: string;
  readonly runtime: "node" | "python";
}

const programs = { "app.mjs": "node", "app.cjs": "node", "app.py": "python" } as const;

/** Every folder with a program, by name. */
export function listEmitters(): Emitter[] {
  return readdirSync(home)
    .map((name) => ({ name, directory: join(home, name) }))
    .flatMap((emitter) => {
      const found = Object.entries(programs).find(([program]) => existsSync(join(emitter.directory, program)));
      return found === undefined ? [] : [{ ...emitter, program: found[0], runtime: found[1] }];
    });
}

/** What the ledger is to know of it, from its `expected.ts`. */
export async function expectedOf({ directory }: Emitter): Promise<Expected> {
  const loaded: { default: Expected } = await import(pathToFileURL(join(directory, "expected.ts")).href);
  return loaded.default;
}

/** The packages it pins, as its package manager writes them. */
export function packagesOf({ directory, runtime }: Emitter): string[] {
  if (runtime === "python") {
    const pinned = readFileSync(join(directory, "requirements.txt"), "utf8").split("\n");
    return pinned.filter((line) => line !== "" && !line.startsWith("#"));
  }
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  return Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
}
