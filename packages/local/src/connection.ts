import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, settings } from "@tokenledger/core";
import type { DatabaseAccess } from "./connect.ts";
import { readIfPresent, writePrivateFile } from "./private-files.ts";

/**
 * What `up` tells other processes of the same user, in `connection.json` (0600).
 *
 * Exporters take the receiver from it, commands the database.
 */
export interface Connection {
  version: 1;
  /** Process that runs the ledger. */
  pid: number;
  startedAt: string;
  receiver: { url: string; token: string };
  clickhouse: DatabaseAccess & {
    /** The server's own word, by which it is told from another one that got its port. */
    instance: string;
    /** May read the ledger and nothing else. */
    reader: { username: string; password: string };
  };
}

/** Where the ledger lives unless told otherwise: `TOKENLEDGER_HOME`, or `.tokenledger` in the home directory. */
export const defaultDirectory = (): string => settings().home;

const fileIn = (directory: string): string => join(directory, "connection.json");

export const writeConnection = (directory: string, connection: Connection): void =>
  writePrivateFile(fileIn(directory), `${JSON.stringify(connection, undefined, 2)}\n`);

/** Removes the file if it is this process's own. */
export const removeConnection = (directory: string): void => {
  if (readConnection(directory)?.pid === process.pid) rmSync(fileIn(directory), { force: true });
};

/**
 * The connection of the ledger that runs in this directory, or `undefined`.
 *
 * A file may outlive its process, and pid and port may belong to others by now: the process must live,
 * and the server must know its password and its own word.
 */
export const runningConnection = async (directory: string): Promise<Connection | undefined> => {
  const connection = readConnection(directory);
  if (connection === undefined || !isAlive(connection.pid)) return undefined;
  const { url, username, password, instance } = connection.clickhouse;
  const query = encodeURIComponent("SELECT getMacro('instance')");
  const headers = { "X-ClickHouse-User": username, "X-ClickHouse-Key": password, Connection: "close" };
  try {
    const response = await fetch(`${url}/?query=${query}`, { headers, signal: AbortSignal.timeout(5_000) });
    return (await response.text()).trim() === instance ? connection : undefined;
  } catch {
    return undefined;
  }
};

const readConnection = (directory: string): Connection | undefined => {
  try {
    const parsed: Partial<Connection> = JSON.parse(readIfPresent(fileIn(directory)) ?? "{}");
    return parsed.version === 1 && parsed.clickhouse && parsed.receiver ? (parsed as Connection) : undefined;
  } catch {
    return undefined;
  }
};
