import { resolve } from "node:path";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { connect, type DatabaseAccess } from "./connect.ts";
import { defaultDirectory } from "./connection.ts";
import { startOrJoin } from "./exclusive-store.ts";
import { LocalFault } from "./fault.ts";
import { takeHeldSpans } from "./held-spans.ts";
import { prepare } from "./prepare.ts";

export interface LedgerOptions {
  /** Of the local ledger; {@link defaultDirectory} by default. */
  directory?: string;
  /** A ClickHouse server of the user's own: `http(s)://user:password@host:port/database`. No local store then. */
  url?: string;
  /** Opens that server though it may have no ledger yet, to make one. */
  create?: boolean;
  onProgress?: (line: string) => void;
}

/** An open ledger. */
export interface Ledger {
  target: LedgerTarget;
  /** The same ledger for reading only: what users type and pages ask goes through this one. */
  reader: LedgerTarget;
  /** Frees everything that was opened. May be called again. */
  close(): Promise<void>;
}

/**
 * Opens a ledger: joins a running `up`, or else starts the store until `close`.
 *
 * A local ledger is brought to this version's schema and prices, and takes in what apps could not send;
 * a server of the user's own is left as it is (`tokenledger migrate` does that).
 *
 * @throws LocalFault, and LedgerError `newer_schema` or `changed_migration`
 */
export const openLedger = async (options: LedgerOptions = {}): Promise<Ledger> => {
  if (options.url !== undefined) return openExternal(options.url, options.create === true);
  const directory = resolve(options.directory ?? defaultDirectory());
  const onProgress = options.onProgress ?? (() => {});
  const found = await startOrJoin(directory, {}, onProgress);
  if ("running" in found) {
    const joined = openWith(found.running.clickhouse, found.running.clickhouse.reader);
    await takeHeldSpans(joined.target, directory, onProgress);
    return joined;
  }
  const { store } = found;
  try {
    await prepare(store.target, directory, onProgress);
    await takeHeldSpans(store.target, directory, onProgress);
  } catch (error) {
    await store.stop();
    throw error;
  }
  const ledger = openWith(store, store.reader);
  return { ...ledger, close: () => ledger.close().then(() => store.stop()) };
};

const openWith = (
  { url, username, password, database }: DatabaseAccess,
  reader: { username: string; password: string },
): Ledger => ledgerOf(connect({ url, username, password, database }), connect({ url, database, ...reader }), database);

const ledgerOf = (client: LedgerTarget["client"], reader: LedgerTarget["client"], database: string): Ledger => {
  let closed: Promise<void> | undefined;
  return {
    target: { client, database },
    reader: { client: reader, database },
    close: () => (closed ??= Promise.all([client.close(), reader.close()]).then(() => undefined)),
  };
};

/** What cannot be used is said now, by the address without its password, not in the midst of a command. */
const openExternal = async (address: string, create: boolean): Promise<Ledger> => {
  const access = parseAddress(address);
  // A session cannot begin in a database that does not exist yet; what makes a ledger names its database itself.
  const entry = create ? { ...access, database: "default" } : access;
  const client = connect(entry);
  const ledger = ledgerOf(client, connect(entry, { readonly: "2" }), access.database);
  try {
    await client.query({ query: "SELECT 1", format: "JSONEachRow" }).then((result) => result.text());
  } catch (error) {
    await ledger.close();
    const said = error instanceof Error ? error.message : String(error);
    const problem = /does not exist/.test(said) ? `${said.trim()} Make a ledger there with: tokenledger migrate` : said;
    throw new LocalFault("unreachable", `ClickHouse at ${access.url} cannot be used: ${problem}`, { cause: error });
  }
  return ledger;
};

const parseAddress = (address: string): DatabaseAccess => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new LocalFault(
      "unreachable",
      "The ClickHouse address must look like http://USER:PASSWORD@HOST:8123/DATABASE",
    );
  }
  return {
    url: url.origin,
    username: decodeURIComponent(url.username) || "default",
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || "tokenledger",
  };
};
