import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage until `done` says so; fails after `rounds`, never after a time. */
export async function collectGarbageUntil(done: () => boolean, rounds = 200): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < rounds; round += 1) {
    collect();
    // Finalizers run as tasks of their own, after the current one.
    await new Promise((resolve) => setImmediate(resolve));
    if (done()) return;
  }
  throw new Error(`not collected within ${rounds} collections`);
}
