import { randomBytes } from "node:crypto";
import { rmSync, readdirSync } from "node:fs";
import { totalmem } from "node:os";
import { join, resolve } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { connect } from "./connect.ts";
import { enginePath } from "./engine.ts";
import { LocalFault } from "./fault.ts";
import { freePort, holderOf, startOnFreePorts } from "./occupancy.ts";
import { launchServer, type ServerProcess } from "./server-process.ts";
import { makePrivateDirectory, writePrivateFile } from "./private-files.ts";
import {
  ledgerUser,
  listeners,
  readerUser,
  serverXml,
  type StoreCluster,
  type StoreConfiguration,
  usersXml,
} from "./store-configuration.ts";

export interface StoreOptions {
  /** Where the data lives; created if missing, and closed to other users of the machine. */
  directory: string;
  /** Loopback port of the server; a free one by default. */
  httpPort?: number;
  /**
   * Memory the server may use; by default half of the machine's, at most 8 GiB. The reader may use three quarters of it
   * for one question.
   */
  memoryBytes?: number;
  /** Database created for the ledger; `tokenledger` by default. */
  database?: string;
  /** New by default; given to bring a server back under the connection that others hold. */
  identity?: StoreIdentity;
  /** Makes the store a shard of a cluster on this machine. None by default. */
  cluster?: StoreCluster;
  /** How long the first start may take: the engine is a 540 MB library. 60 s by default. */
  startTimeoutMs?: number;
}

/** What makes a server ours: its secrets, and a word that it says to those who know them. */
export interface StoreIdentity {
  instance: string;
  password: string;
  readerPassword: string;
}

/** A running ClickHouse server of our own. */
export interface Store {
  url: string;
  username: string;
  password: string;
  database: string;
  client: ClickHouseClient;
  target: LedgerTarget;
  identity: StoreIdentity;
  /** A user that can read the ledger and nothing else, under limits. */
  reader: { username: string; password: string };
  /** Process id of the server. */
  pid: number;
  /** Settles when the server has ended, asked to or not. */
  exited: Promise<void>;
  /** Ends the server and waits for it. May be called again. */
  stop(): Promise<void>;
}

const gibibyte = 2 ** 30;

const newIdentity = (): StoreIdentity => ({
  instance: randomBytes(8).toString("hex"),
  password: randomBytes(24).toString("base64url"),
  readerPassword: randomBytes(24).toString("base64url"),
});

/**
 * Starts a ClickHouse server as a child process and waits until it answers to our password.
 *
 * The server ends with the process that started it, however that ends.
 *
 * @throws LocalFault `engine_missing`, `store_busy` (with the process that holds the directory),
 *   `port_in_use`, `disk_full`, `directory_unsafe`, or `store_failed` with the server's own words
 */
export const startStore = async (options: StoreOptions): Promise<Store> =>
  options.httpPort
    ? startOn(options.httpPort, options)
    : startOnFreePorts(async () => startOn(await freePort(), options));

const startOn = async (httpPort: number, options: StoreOptions): Promise<Store> => {
  const library = enginePath();
  const directory = resolve(options.directory);
  makePrivateDirectory(directory);
  refuseIfHeld(directory);

  const identity = options.identity ?? newIdentity();
  const configuration: StoreConfiguration = {
    directory,
    usersFile: join(directory, `users-${identity.instance}.xml`),
    httpPort,
    memoryBytes: options.memoryBytes ?? Math.min(8 * gibibyte, Math.floor(totalmem() / 2)),
    database: options.database ?? "tokenledger",
    cluster: options.cluster,
    ...identity,
  };
  const configurationFile = join(directory, `config-${identity.instance}.xml`);
  writePrivateFile(configuration.usersFile, usersXml(configuration));
  writePrivateFile(configurationFile, serverXml(configuration));

  const url = `http://127.0.0.1:${httpPort}`;
  const server = launchServer({
    library,
    configurationFile,
    listeners: listeners(options.cluster),
    url,
    username: ledgerUser,
    password: configuration.password,
  });
  try {
    await server.ready(identity.instance, options.startTimeoutMs ?? 60_000);
    // Refreshable views need an Atomic database; the engine's default is not one.
    await server.ask(`CREATE DATABASE IF NOT EXISTS \`${configuration.database}\` ENGINE = Atomic`);
  } catch (error) {
    await server.kill();
    rmSync(configurationFile, { force: true });
    rmSync(configuration.usersFile, { force: true });
    throw explain(error, directory, httpPort);
  }
  removeOldConfigurations(directory, identity.instance);
  return handOut(configuration, identity, url, server);
};

const handOut = (
  { database, password, readerPassword }: StoreConfiguration,
  identity: StoreIdentity,
  url: string,
  server: ServerProcess,
): Store => {
  const client = connect({ url, username: ledgerUser, password, database });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= client.close().then(() => server.stop());
    return stopped;
  };
  return {
    url,
    username: ledgerUser,
    password,
    database,
    client,
    target: { client, database },
    identity,
    reader: { username: readerUser, password: readerPassword },
    pid: server.pid,
    exited: server.exited,
    stop,
  };
};

const refuseIfHeld = (directory: string): void => {
  const holder = holderOf(join(directory, "data", "status"));
  if (holder === undefined) return;
  throw new LocalFault(
    "store_busy",
    `The ledger in ${directory} is open in process ${holder}. Wait for it to end, stop it with: kill ${holder}, or choose another directory`,
  );
};

/** Turns the server's own words into what the user can do about them. */
const explain = (error: unknown, directory: string, httpPort: number): Error => {
  const words = error instanceof Error ? error.message : String(error);
  const cause = { cause: error };
  if (/Address already in use/i.test(words)) {
    return new LocalFault("port_in_use", `Port ${httpPort} is in use by another program; choose another one`, cause);
  }
  if (/Cannot lock file/i.test(words)) {
    refuseIfHeld(directory);
    return new LocalFault("store_busy", `The ledger in ${directory} was just opened by another process`, cause);
  }
  if (/No space left|NOT_ENOUGH_SPACE|Disk quota/i.test(words)) {
    return new LocalFault("disk_full", `The disk of ${directory} is full; free some space and try again`, cause);
  }
  return new LocalFault("store_failed", `The embedded ClickHouse did not start in ${directory}: ${words}`, cause);
};

const removeOldConfigurations = (directory: string, instance: string): void => {
  for (const name of readdirSync(directory)) {
    if (/^(config|users)-[0-9a-f]+\.xml/.test(name) && !name.includes(instance)) {
      rmSync(join(directory, name), { force: true });
    }
  }
};
