import { randomInt } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { LocalFault } from "./fault.ts";
import { readIfPresent } from "./private-files.ts";

// Where no system takes the ports of outgoing connections from (Linux: from 32768; macOS, Windows: from 49152): one of
// those may be in use by the time that a server listens on it, or while one that was killed is away.
const firstPort = 10_240;
const endOfPorts = 32_768;
const attempts = 100;

/** A loopback port that is free now, and that no outgoing connection will take. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const port = randomInt(firstPort, endOfPorts);
    if (await isFree(port)) return port;
  }
  throw new LocalFault("port_in_use", `Of ${attempts} ports between ${firstPort} and ${endOfPorts} none is free`);
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const server = createServer();
    server.once("error", () => settle(false));
    server.listen(port, "127.0.0.1", () => server.close(() => settle(true)));
  });

/** Starts what listens on ports that it chooses itself, again where someone else took one in between. */
export const startOnFreePorts = async <Started>(start: () => Promise<Started>): Promise<Started> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 3 || !(error instanceof LocalFault && error.code === "port_in_use")) throw error;
    }
  }
};

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
