import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../usage-error.ts";

/** A file to import, with its size in bytes for progress. */
export interface TranscriptFile {
  path: string;
  bytes: number;
}

/**
 * The regular files below `path` (or `path` itself) that end in one of `extensions`, in order of name.
 * A link is followed only where the user named it; links, devices and pipes below are passed over, for a
 * transcript folder must not lead anywhere else.
 */
export async function filesBelow(path: string, extensions: readonly string[]): Promise<TranscriptFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`${path} does not exist, or may not be looked at`);
  if (found.isFile()) return [{ path, bytes: found.size }];
  if (!found.isDirectory()) throw new UsageError(`${path} is neither a file nor a folder`);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Promise.all(files.map(async (file) => ({ path: file, bytes: (await lstat(file)).size })));
}
