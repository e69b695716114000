import { join, resolve } from "node:path";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { connect } from "./connect.ts";
import { type Connection, defaultDirectory, removeConnection, writeConnection } from "./connection.ts";
import { startOrJoin } from "./exclusive-store.ts";
import { LocalFault } from "./fault.ts";
import { takeHeldSpans } from "./held-spans.ts";
import { keepCollector } from "./kept-collector.ts";
import { keptSecret } from "./kept-secret.ts";
import { prepare } from "./prepare.ts";
import { makePrivateDirectory } from "./private-files.ts";
import { type Endpoint, startReceiver } from "./receiver/receiver.ts";
import { recordRun } from "./run-record.ts";
import { startStore, type Store } from "./store.ts";
import { keepRunning } from "./supervision.ts";

export interface UpOptions {
  /** {@link defaultDirectory} by default. */
  directory?: string;
  /** Of the OTLP receiver; 4318 by default, 0 takes a free one. */
  port?: number;
  /** Of the database; a free one by default. */
  httpPort?: number;
  memoryBytes?: number;
  /** A built distribution of the OpenTelemetry Collector, to run in place of the receiver. */
  collector?: string;
  onProgress?: (line: string) => void;
}

/** A ledger that runs until it is stopped. */
export interface RunningLedger {
  directory: string;
  receiver: Endpoint & { token: string };
  target: LedgerTarget;
  /** The same ledger for reading only. */
  reader: LedgerTarget;
  connection: Connection;
  /** Finishes what was received, then ends receiver and database. May be called again. */
  stop(): Promise<void>;
}

const defaultPort = 4318;

/**
 * Runs the local ledger: database, schema, prices and receiver, and tells other processes where.
 *
 * A database or collector that ends unasked is started again; senders are told to wait, or wait, meanwhile.
 *
 * @throws LocalFault, `already_running` among them, and LedgerError `newer_schema`
 */
export const up = async (options: UpOptions = {}): Promise<RunningLedger> => {
  const directory = resolve(options.directory ?? defaultDirectory());
  const onProgress = options.onProgress ?? (() => {});
  makePrivateDirectory(directory);
  const { httpPort, memoryBytes } = options;
  const storeOptions = {
    ...(httpPort !== undefined && { httpPort }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
  const found = await startOrJoin(directory, storeOptions, onProgress);
  if ("running" in found) {
    const { pid, receiver } = found.running;
    throw new LocalFault(
      "already_running",
      `Tokenledger is already up in ${directory}: process ${pid}, receiver ${receiver.url}. Stop it with: kill ${pid}`,
    );
  }
  try {
    return await start(found.store, directory, options, onProgress);
  } catch (error) {
    await found.store.stop();
    throw error;
  }
};

const start = async (
  store: Store,
  directory: string,
  { port = defaultPort, collector }: UpOptions,
  onProgress: (line: string) => void,
): Promise<RunningLedger> => {
  await prepare(store.target, directory, onProgress);
  await takeHeldSpans(store.target, directory, onProgress);
  // Senders other than ours are given it once.
  const token = keptSecret(join(directory, "token"));
  const receiver =
    collector === undefined
      ? await recordedReceiver(store.target, directory, token, port)
      : await keepCollector(
          { distribution: collector, store, token, port, directory: join(directory, "collector") },
          directory,
          onProgress,
        );
  const supervision = keepRunning({
    name: "The database",
    first: store,
    start: () =>
      startStore({
        directory: join(directory, "clickhouse"),
        httpPort: Number(new URL(store.url).port),
        identity: store.identity,
      }),
    onProgress,
  });
  const { url, username, password, database, reader, identity } = store;
  const connection: Connection = {
    version: 1,
    pid: process.pid,
    startedAt: new Date().toISOString(),
    receiver: { url: receiver.url, token },
    clickhouse: { url, username, password, database, instance: identity.instance, reader },
  };
  writeConnection(directory, connection);
  const readerClient = connect({ url, database, ...reader });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    removeConnection(directory);
    await receiver.stop();
    await readerClient.close();
    await supervision.stop();
  };
  return {
    directory,
    receiver: { ...receiver, token },
    target: store.target,
    reader: { client: readerClient, database },
    connection,
    stop: () => (stopped ??= stop()),
  };
};

/** The receiver of our own, whose counts are kept for later commands. */
const recordedReceiver = async (
  target: LedgerTarget,
  directory: string,
  token: string,
  port: number,
): Promise<Endpoint> => {
  const receiver = await startReceiver({ target, token, port });
  const record = recordRun(directory, "receiver", () => receiver.statistics());
  const stop = async (): Promise<void> => {
    await receiver.stop();
    record.end();
  };
  return { ...receiver, stop };
};
