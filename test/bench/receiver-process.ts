// The local receiver in a process of its own, as `tokenledger up` runs it, so that its CPU and memory can be told.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client";
import { startReceiver, type Store } from "@tokenledger/local";

type Access = Pick<Store, "url" | "username" | "password" | "database">;

/** Where spans go in, and the process that takes them. */
export interface Intake {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export const benchToken = "bench";

/** Starts a receiver in front of a store. */
export const forkReceiver = async ({ url, username, password, database }: Access): Promise<Intake> => {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  child.send({ url, username, password, database });
  const [receiver] = (await once(child, "message")) as [{ url: string }];
  const stop = async (): Promise<void> => {
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  return { url: receiver.url, pid: child.pid ?? 0, stop };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once("message", (access: Access) => {
    const client = createClient({ ...access, keep_alive: { enabled: true, idle_socket_ttl: 5_000 } });
    void startReceiver({ target: { client, database: access.database }, token: benchToken }).then(({ url }) =>
      process.send?.({ url }),
    );
  });
  process.once("disconnect", () => process.exit());
}
