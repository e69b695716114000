import { statfs } from "node:fs/promises";
import { ok, problem, warning, type Finding } from "./finding.ts";

const lowDiskBytes = 2 * 2 ** 30;

/** The Node that runs us, and room for the ledger. */
export async function lookAtMachine(directory: string): Promise<Finding[]> {
  return [nodeVersion(process.versions.node), await disk(directory)];
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const hooked = major > 22 || (major === 22 && minor >= 15);
  return hooked
    ? ok("Node.js", `${version} can be instrumented`)
    : problem("Node.js", `${version} has no hooks for ES modules`, "run the app on Node 22.15 or newer");
}

async function disk(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory).catch(() => statfs("."));
  const free = `${((bavail * bsize) / 2 ** 30).toFixed(1)} GB free`;
  return bavail * bsize > lowDiskBytes
    ? ok("disk", free)
    : warning("disk", free, `make room where ${directory} lies: a full disk stops the ledger, not your app`);
}
