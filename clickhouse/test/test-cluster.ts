import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStore, type Store, type StoreCluster } from "@tokenledger/local";
import { freePort } from "../../packages/local/src/occupancy.ts";
import { type CatalogueOffer, type LedgerTarget, migrate, type PriceCatalogue, publishPrices } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { sqlFiles } from "../src/sql-files.ts";
import { catalogue } from "./catalogue.ts";
import { type Relay, startRelay } from "./loopback-relay.ts";
import type { CaseLedger } from "./view-cases.ts";

/** A ledger over several servers on this machine, one shard each, without Keeper. */
export interface TestCluster extends CaseLedger {
  /** The same ledger, asked of each node. */
  readonly nodes: readonly LedgerTarget[];
  /** How each node is reached. */
  readonly access: readonly Pick<Store, "url" | "username" | "password" | "database">[];
  /** Kills the server of a shard, counted from 0. */
  kill(shard: number): Promise<void>;
  /** Brings it back, under its port and with its data. */
  restart(shard: number): Promise<void>;
  /** Its address, as the other nodes know it. */
  address(shard: number): string;
  stop(): Promise<void>;
}

const database = "ledger";
const identity = { password: "password-of-every-node", readerPassword: "readers-password" };

export async function startTestCluster(
  shards: number,
  prices: PriceCatalogue | CatalogueOffer = catalogue,
): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-cluster-"));
  const ports = await Promise.all(Array.from({ length: shards }, freePort));
  const relays: Relay[] = await Promise.all(ports.map((port) => startRelay(port)));
  const start = (shard: number, httpPort = 0): Promise<Store> => {
    const port = ports[shard] ?? 0;
    // Each knows itself by its own port, or it would ask itself as it asks others.
    const known = relays.map((relay, other) => (other === shard ? port : relay.port));
    const cluster: StoreCluster = { name: "shards", ports: known, port, secret: "between-the-nodes" };
    const own = { instance: `${shard}`.repeat(16), ...identity };
    return startStore({
      directory: join(directory, String(shard)),
      identity: own,
      cluster,
      httpPort,
      memoryBytes: 2 ** 30,
    });
  };
  const stores = await Promise.all(ports.map((_, shard) => start(shard)));
  const clients = stores.map(({ client }) => client);
  const cluster = { name: "shards", nodes: clients };
  const nodes = clients.map((client): LedgerTarget => ({ client, database, cluster }));
  const target = nodes[0];
  if (target === undefined) throw new Error("a cluster has a node");
  await migrate(target);
  for (const name of jobs(target)) await onAll(nodes, `SYSTEM STOP VIEW ${database}.${name}`);
  const { version } = await publishPrices(target, prices);
  return {
    target,
    nodes,
    access: stores.map(({ url, username, password }) => ({ url, username, password, database })),
    priceVersion: version,
    async clear() {
      for (const table of [...(await tablesOfSpans(target)), "revenue", "budgets", "price_books"])
        await onAll(nodes, `TRUNCATE TABLE ${database}.${table}`);
    },
    async kill(shard) {
      const store = stores[shard];
      if (store === undefined) throw new Error(`no shard ${shard}`);
      await relays[shard]?.close();
      process.kill(store.pid, "SIGKILL");
      await store.exited;
    },
    async restart(shard) {
      const store = stores[shard];
      // On its own port again, so that the connections of the test still reach it.
      stores[shard] = await start(shard, Number(new URL(store?.url ?? "").port));
      relays[shard] = await startRelay(ports[shard] ?? 0, relays[shard]?.port);
    },
    address: (shard) => `127.0.0.1:${relays[shard]?.port}`,
    async stop() {
      await Promise.all([...clients.map((client) => client.close()), ...stores.map((store) => store.stop())]);
      await Promise.all(relays.map((relay) => relay.close()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs a statement on every node. */
async function onAll(nodes: readonly LedgerTarget[], query: string): Promise<void> {
  await Promise.all(nodes.map(({ client }) => client.command({ query })));
}

const jobs = (target: LedgerTarget): string[] =>
  sqlFiles("facts", target)
    .filter(({ text }) => /^REFRESH /m.test(text))
    .map(({ name }) => name);

const tablesOfSpans = async (target: LedgerTarget): Promise<string[]> => {
  const rows = await selectRows<{ name: string }>(
    target,
    "SELECT name FROM system.tables WHERE database = {database:String} AND name LIKE '%\\_local' AND engine != 'Null'",
    { database },
  );
  return rows.map(({ name }) => name);
};
