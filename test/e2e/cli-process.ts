import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const bin: string = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
if (!existsSync(bin)) throw new Error("These tests run the built command line: `npm run bundle` first.");

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell of the command line for one ledger directory; nothing of this process's settings reaches it. */
export function commandLine(home: string): (args: readonly string[], input?: CommandInput) => Promise<Answer> {
  return (args, { env, stdin = "" } = {}) =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [bin, ...args],
        { env: environment(home, env), maxBuffer: 64 * 2 ** 20 },
        (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end(stdin);
    });
}

export interface CommandInput {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A `tokenledger up` that listens. */
export interface Running {
  receiver: string;
  /** Address of the page, with its key. */
  page: string;
  child: ChildProcess;
  /** What it has said on standard error. */
  notes: () => string;
}

/** Starts `tokenledger up` and waits until it says where it listens. */
export async function startUp(home: string, more: readonly string[] = []): Promise<Running> {
  const { said, ...running } = await startCommand(home, ["up", "--port", "0", ...more]);
  return { ...running, receiver: said["receiver"] ?? "", page: said["page"] ?? "" };
}

/** Starts a command that goes on until it is stopped, and waits for what it says first, in JSON. */
export async function startCommand(
  home: string,
  args: readonly string[],
): Promise<Pick<Running, "child" | "notes"> & { said: Record<string, string> }> {
  const child = spawn(process.execPath, [bin, ...args, "--json"], {
    env: environment(home),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let notes = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (notes += text));
  let said = "";
  for await (const text of child.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    said += text;
    if (said.trimEnd().endsWith("}")) break;
  }
  return { said: JSON.parse(said) as Record<string, string>, child, notes: () => notes };
}

/** Ends a child as Ctrl-C does, and tells its exit code. */
export async function interrupt(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill("SIGINT");
  await ended;
  return child.exitCode;
}

const environment = (home: string, env: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const { PATH = "" } = process.env;
  return { PATH, HOME: home, TOKENLEDGER_HOME: home, ...env };
};
