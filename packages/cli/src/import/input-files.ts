import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../usage-error.ts";

/** A file to import: its size in bytes for progress, and when it was last written, in milliseconds since 1970. */
export interface InputFile {
  path: string;
  bytes: number;
  modifiedAt: number;
}

/**
 * The regular files below `path` whose name is `wanted` (or `path` itself, whatever its name), in order of name.
 * A link is followed only where the user named it; links, devices and pipes below are passed over, for a
 * folder of transcripts must not lead anywhere else.
 */
export async function filesBelow(path: string, wanted: RegExp): Promise<InputFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`${path} does not exist, or may not be looked at`);
  if (found.isFile()) return [{ path, bytes: found.size, modifiedAt: found.mtimeMs }];
  if (!found.isDirectory()) throw new UsageError(`${path} is neither a file nor a folder`);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await lstat(file);
      return { path: file, bytes: size, modifiedAt: mtimeMs };
    }),
  );
}
