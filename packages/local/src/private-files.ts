import { chmodSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { writePrivateFile as writeWhole } from "@tokenledger/core";
import { LocalFault, systemCode } from "./fault.ts";

/**
 * Creates a directory that only its owner may enter, and closes an existing one of ours to others.
 *
 * @throws LocalFault `directory_unsafe` when it belongs to someone else or can't be used, `disk_full`
 */
export const makePrivateDirectory = (path: string): void => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const status = statSync(path);
    if (process.getuid !== undefined && status.uid !== process.getuid()) {
      throw new LocalFault("directory_unsafe", `${path} belongs to another user; choose a directory of your own`);
    }
    if ((status.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    throw writeFault(path, error);
  }
};

/** Writes a file that only its owner may read, whole or not at all. @throws LocalFault as above */
export const writePrivateFile = (path: string, text: string): void => {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw writeFault(path, error);
  }
};

/** The text of a file, or `undefined` when there is none. */
export const readIfPresent = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
};

/** What a failed write means to the user; anything unknown stays as it is. */
const writeFault = (path: string, error: unknown): unknown => {
  switch (systemCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new LocalFault("disk_full", `The disk of ${path} is full; free some space and try again`, {
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return new LocalFault("directory_unsafe", `Cannot write to ${path}: ${String(error)}; choose another directory`, {
        cause: error,
      });
    default:
      return error;
  }
};
