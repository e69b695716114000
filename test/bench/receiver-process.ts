// The local receiver in a process of its own, as `tokenledger up` runs it, so that its CPU and memory can be told.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client";
import { type ReceiverStatistics, startReceiver, type Store } from "@tokenledger/local";

type Access = Pick<Store, "url" | "username" | "password" | "database">;

/** Where spans go in, and the process that takes them. */
export interface Intake {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A receiver whose counts can be asked for. */
export interface ForkedReceiver extends Intake {
  statistics(): Promise<ReceiverStatistics>;
}

/** Starts a receiver in front of a store. */
export const forkReceiver = async (access: Access, token: string): Promise<ForkedReceiver> => {
  const { url, username, password, database } = access;
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  child.send({ access: { url, username, password, database }, token });
  const [receiver] = (await once(child, "message")) as [{ url: string }];
  const stop = async (): Promise<void> => {
    if (!child.connected) return;
    const ended = once(child, "exit");
    child.disconnect();
    await ended;
  };
  const statistics = async (): Promise<ReceiverStatistics> => {
    const answer = once(child, "message");
    child.send("statistics");
    return ((await answer) as [ReceiverStatistics])[0];
  };
  return { url: receiver.url, pid: child.pid ?? 0, stop, statistics };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once("message", ({ access, token }: { access: Access; token: string }) => {
    const client = createClient({ ...access, keep_alive: { enabled: true, idle_socket_ttl: 5_000 } });
    void startReceiver({ target: { client, database: access.database }, token }).then((receiver) => {
      process.on("message", () => process.send?.(receiver.statistics()));
      process.send?.({ url: receiver.url });
    });
  });
  process.once("disconnect", () => process.exit());
}
