import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emitter } from "./emitters.ts";

const marker = ({ directory }: Emitter): string => join(directory, "node_modules", ".installed-from");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly config: { readonly before: string };
}

const manifestOf = ({ directory }: Emitter): Manifest =>
  JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

const hashOf = (emitter: Emitter): string => {
  const { dependencies, config } = manifestOf(emitter);
  return createHash("sha256")
    .update(JSON.stringify([dependencies, config]))
    .digest("hex");
};

/** Whether the packages in the emitter's folder are those that its manifest pins. */
export const isInstalled = (emitter: Emitter): boolean =>
  existsSync(marker(emitter)) && readFileSync(marker(emitter), "utf8") === hashOf(emitter);

/**
 * Installs what the emitter pins into its own folder, unless that is there already.
 *
 * Not a workspace, so that installing the project stays small. Direct dependencies are pinned exactly; the rest is
 * what the registry offered on the manifest's `config.before`, so that no lockfile is needed to get the same tree.
 *
 * @throws where the registry cannot be reached or has no such version; npm's own words are in the message
 */
export async function install(emitter: Emitter): Promise<void> {
  if (isInstalled(emitter)) return;
  const options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawn(
    "npm",
    ["install", ...options, "--prefer-offline", `--before=${manifestOf(emitter).config.before}`],
    {
      cwd: emitter.directory,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  npm.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = await once(npm, "close");
  if (code !== 0) throw new Error(`${emitter.name}: npm install failed.\n${said}`);
  writeFileSync(marker(emitter), hashOf(emitter));
}
