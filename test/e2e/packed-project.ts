import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");
const published = [
  "core",
  "instrumentation-anthropic",
  "instrumentation-openai",
  "instrumentation-openai-agents",
  "register",
];

/** A folder with an application and the packages as npm would deliver them. */
export interface PackedProject {
  readonly directory: string;
  remove(): void;
}

/**
 * Packs what `register` consists of and unpacks it into a project of its own, whose other packages
 * are the workspace's.
 *
 * @param others Folders whose packages take precedence over the workspace's, such as a version folder's.
 */
export const packProject = (...others: readonly string[]): PackedProject => {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-e2e-"));
  const modules = join(directory, "node_modules");
  linkPackages(modules, [
    ...others.map((other) => join(repository, other, "node_modules")),
    join(repository, "node_modules"),
  ]);
  const workspaces = published.flatMap((name) => ["--workspace", `packages/${name}`]);
  const options = { cwd: repository, encoding: "utf8" } as const;
  const packed = execFileSync(
    "npm",
    ["pack", "--silent", "--ignore-scripts", "--pack-destination", directory, ...workspaces],
    options,
  );
  for (const [index, tarball] of packed.trim().split("\n").entries()) {
    const target = join(modules, "@tokenledger", published[index] ?? "");
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", join(directory, basename(tarball)), "-C", target, "--strip-components=1"]);
  }
  linkOwnDependencies(modules, others.length > 0);
  cpSync(join(import.meta.dirname, "apps"), join(directory, "apps"), { recursive: true });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};

/** Links every package of some `node_modules` folders, the first folder that has one winning. */
const linkPackages = (target: string, sources: readonly string[]): void => {
  for (const source of sources) {
    for (const entry of readdirSync(source).filter((name) => !name.startsWith(".") && name !== "@tokenledger")) {
      const names = entry.startsWith("@") ? readdirSync(join(source, entry)).map((name) => join(entry, name)) : [entry];
      for (const name of names) link(join(source, name), join(target, name));
    }
  }
};

/**
 * What npm nests below `register`: what the workspace's other packages want in another version and,
 * where the application has an OpenTelemetry line of its own, all of ours.
 */
const linkOwnDependencies = (modules: string, besideOthers: boolean): void => {
  const own = join(modules, "@tokenledger/register/node_modules");
  const nested = join(repository, "packages/register/node_modules");
  if (existsSync(nested)) linkPackages(own, [nested]);
  if (!besideOthers) return;
  for (const name of readdirSync(join(repository, "node_modules/@opentelemetry"))) {
    link(join(repository, "node_modules/@opentelemetry", name), join(own, "@opentelemetry", name));
  }
};

const link = (from: string, to: string): void => {
  mkdirSync(join(to, ".."), { recursive: true });
  try {
    symlinkSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
};
