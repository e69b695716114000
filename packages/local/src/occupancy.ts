import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { readIfPresent } from "./private-files.ts";

/** A loopback port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((settle, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => settle(port));
    });
  });

/**
 * Process that works in a server's directory, by the kernel's table of file locks: a pid written in a
 * file may belong to someone else by now. The server is a child, so its parent is the one to name.
 */
export const holderOf = (statusFile: string): number | undefined => {
  const status = statSync(statusFile, { throwIfNoEntry: false });
  const locks = readIfPresent("/proc/locks");
  if (status === undefined || locks === undefined) return undefined;
  for (const line of locks.split("\n")) {
    const [, , , , pid, file] = line.trim().split(/\s+/);
    if (file?.split(":")[2] === String(status.ino) && Number(pid) > 0) return parentOf(Number(pid));
  }
  return undefined;
};

const parentOf = (pid: number): number => {
  try {
    const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(parent) > 1 ? Number(parent) : pid;
  } catch {
    return pid;
  }
};
