import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "./fault.ts";
import { scratchDirectory } from "./store.fixture.ts";

/** A disk that a test can fill. */
export interface SmallDisk {
  path: string;
  fill(): void;
  free(): void;
  remove(): void;
}

/** Mounts a disk of so many MiB, or says that it cannot and returns nothing. */
export const smallDisk = (mebibytes: number): SmallDisk | undefined => {
  const directory = scratchDirectory();
  const { path } = directory;
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", path]).status !== 0) {
    console.log("left out: a small disk cannot be mounted here (needs root)");
    directory.remove();
    return undefined;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      for (const size of [2 ** 16, 2 ** 12, 1]) fillWith(filler, Buffer.alloc(size));
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      spawnSync("umount", [path]);
      directory.remove();
    },
  };
};

const fillWith = (path: string, block: Buffer): void => {
  try {
    for (;;) appendFileSync(path, block);
  } catch (error) {
    if (systemCode(error) !== "ENOSPC") throw error;
  }
};
