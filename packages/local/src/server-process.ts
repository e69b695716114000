import { type ChildProcess, spawn } from "node:child_process";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the child is told over its channel, so that no secret stands in its arguments or environment. */
export interface ServerStart {
  library: string;
  configurationFile: string;
  listeners: readonly string[];
  url: string;
  username: string;
  password: string;
}

const stopDeadlineMs = 20_000;
const probeIntervalMs = 20;
const outputKept = 20_000;

/** The server's process, seen from its parent. */
export interface ServerProcess {
  pid: number;
  exited: Promise<void>;
  ready(instance: string, timeoutMs: number): Promise<void>;
  /** Runs one statement as the ledger's owner, outside any database. */
  ask(query: string): Promise<string>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts the child: from sources beside this file, or from the build beside it. */
export const launchServer = (start: ServerStart): ServerProcess => {
  const here = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [join(dirname(here), `server${extname(here)}`)], {
    // Its own session: a Ctrl-C in the terminal reaches the parent alone, which stops things in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Nothing that the parent was started with (NODE_OPTIONS, keys) is the server's business.
    env: {},
  });
  const exited = new Promise<void>((settle) => {
    child.once("exit", () => settle());
    child.once("error", () => settle());
  });
  const output = collectOutput(child);
  // A failure to reach the child shows as its exit.
  child.send(start, () => {});
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const deadline = setTimeout(() => child.kill("SIGKILL"), stopDeadlineMs);
    await exited;
    clearTimeout(deadline);
  };
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  const ask = (query: string): Promise<string> => askServer(start, query);
  const ready = (instance: string, timeoutMs: number): Promise<void> =>
    waitUntilReady(ask, exited, output, instance, timeoutMs);
  return { pid: child.pid ?? 0, exited, ready, ask, stop, kill };
};

const collectOutput = (child: ChildProcess): (() => string) => {
  let text = "";
  const collect = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-outputKept);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  child.on("error", (error) => collect(Buffer.from(String(error))));
  return () => text.trim();
};

const askServer = async ({ url, username, password }: ServerStart, query: string): Promise<string> => {
  const headers = { "X-ClickHouse-User": username, "X-ClickHouse-Key": password, Connection: "close" };
  const response = await fetch(url, { method: "POST", body: query, headers, signal: AbortSignal.timeout(5_000) });
  const answer = await response.text();
  if (!response.ok) throw new Error(answer.trim());
  return answer.trim();
};

/** A bare ping could be answered by whoever else owns the port, so the answer must be our server's own word. */
const waitUntilReady = async (
  ask: (query: string) => Promise<string>,
  exited: Promise<void>,
  output: () => string,
  instance: string,
  timeoutMs: number,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  const dead = exited.then(() => "dead" as const);
  for (;;) {
    const answer = await Promise.race([dead, ask("SELECT getMacro('instance')").catch(() => undefined)]);
    if (answer === instance) return;
    if (answer === "dead") throw new Error(output() || "the server ended without a word");
    if (performance.now() > deadline) throw new Error(`no answer within ${timeoutMs} ms. ${output()}`);
    await Promise.race([dead, new Promise((settle) => setTimeout(settle, probeIntervalMs))]);
  }
};
