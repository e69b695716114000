import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emitter, packagesOf } from "./emitters.ts";

/** Where its packages are, beside a note of what was installed. */
const packagesIn = ({ directory, runtime }: Emitter): string =>
  join(directory, runtime === "python" ? ".venv" : "node_modules");

const marker = (emitter: Emitter): string => join(packagesIn(emitter), ".installed-from");

/** The day whose packages are installed, where versions of packages of packages are not pinned. */
function dayOf({ directory, runtime }: Emitter): string {
  if (runtime === "python") return "";
  const manifest: { config: { before: string } } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return manifest.config.before;
}

const hashOf = (emitter: Emitter): string =>
  createHash("sha256")
    .update(JSON.stringify([packagesOf(emitter), dayOf(emitter)]))
    .digest("hex");

/** Whether the packages in the emitter's folder are those that it pins. */
export const isInstalled = (emitter: Emitter): boolean =>
  existsSync(marker(emitter)) && readFileSync(marker(emitter), "utf8") === hashOf(emitter);

/** What runs its program, once it is installed. */
export const interpreterOf = (emitter: Emitter): string =>
  emitter.runtime === "python" ? join(packagesIn(emitter), "bin", "python") : process.execPath;

/**
 * Installs what the emitter pins into its own folder, unless that is there already.
 *
 * Not a workspace, so that installing the project stays small. Direct dependencies are pinned exactly; the rest is
 * what the registry offered on the manifest's `config.before`, so that no lockfile is needed to get the same tree.
 * Python's are all pinned.
 *
 * @throws where there is no Python 3 for those that need it, the registry cannot be reached or has no such version;
 *   the tool's own words are in the message
 */
export async function install(emitter: Emitter): Promise<void> {
  if (isInstalled(emitter)) return;
  if (emitter.runtime === "python") {
    await run(emitter, "python3", ["-m", "venv", "--clear", packagesIn(emitter)]);
    const options = ["--quiet", "--no-deps", "--disable-pip-version-check"];
    await run(emitter, interpreterOf(emitter), ["-m", "pip", "install", ...options, "-r", "requirements.txt"]);
  } else {
    const options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run(emitter, "npm", ["install", ...options, "--prefer-offline", `--before=${dayOf(emitter)}`]);
  }
  writeFileSync(marker(emitter), hashOf(emitter));
}

async function run({ name, directory }: Emitter, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = await once(child, "close").catch((error: unknown) => [error]);
  if (code !== 0) throw new Error(`${name}: ${command} ${args[0]} failed (${code}).\n${said}`);
}
