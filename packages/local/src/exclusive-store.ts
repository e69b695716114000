import { join } from "node:path";
import { type Connection, runningConnection } from "./connection.ts";
import { LocalFault } from "./fault.ts";
import { startStore, type Store, type StoreOptions } from "./store.ts";

/** A command may hold the directory for the time of its work, or a server may still be on its way out. */
const patienceMs = 30_000;
const retryMs = 100;

/**
 * Starts the store of a directory, or finds that the ledger already runs there.
 *
 * Only one process can have the directory, so a second one waits for a short command to end, and joins
 * an `up` as soon as that answers.
 */
export const startOrJoin = async (
  directory: string,
  options: Omit<StoreOptions, "directory">,
  onProgress: (line: string) => void,
): Promise<{ store: Store } | { running: Connection }> => {
  const deadline = performance.now() + patienceMs;
  let told = false;
  for (;;) {
    const running = await runningConnection(directory);
    if (running !== undefined) return { running };
    try {
      return { store: await startStore({ ...options, directory: join(directory, "clickhouse") }) };
    } catch (error) {
      if (!(error instanceof LocalFault && error.code === "store_busy") || performance.now() > deadline) throw error;
      if (!told) onProgress("Waiting for another process to finish with the ledger");
      told = true;
      await new Promise((settle) => setTimeout(settle, retryMs));
    }
  }
};
