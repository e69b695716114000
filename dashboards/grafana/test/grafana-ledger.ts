import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { type LandingRow, landSpans, migrate, publishPrices, settle, explain } from "@tokenledger/clickhouse";
import { startStore, type Store } from "@tokenledger/local";
import { jobs } from "../../../clickhouse/src/settlement.ts";
import { statements } from "../../../clickhouse/src/sql-files.ts";
import { fillPlaceholders } from "../../../clickhouse/src/sql-for-target.ts";
import { catalogue } from "../../../clickhouse/test/catalogue.ts";

/** Columns with their types, and rows. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A ledger as Grafana sees it: through the user that is deployed for it, the ledger's database the default. */
export interface GrafanaLedger {
  readonly store: Store;
  ask(sql: string): Promise<Answer>;
  /** The lines of the server's own syntax tree of a query. */
  parse(sql: string): Promise<string[]>;
  /** Lands what a file of SQL inserts, its traces renamed: files may use the same ids. */
  landFile(file: URL, mark: string): Promise<void>;
  land(rows: readonly LandingRow[]): Promise<void>;
  /** Elects bills. */
  settle(): Promise<void>;
  /** Finds the causes of costs, of what is settled. */
  explain(): Promise<void>;
  stop(): Promise<void>;
}

const userFile = new URL("../provisioning/clickhouse-user.xml", import.meta.url);
const secret = (): string => randomBytes(16).toString("hex");

export async function startGrafanaLedger(): Promise<GrafanaLedger> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-grafana-"));
  const identity = { instance: secret(), password: secret(), readerPassword: secret() };
  // A server merges what stands beside its file of users.
  const besideUsers = join(directory, `users-${identity.instance}.d`);
  mkdirSync(besideUsers);
  const password = secret();
  // The local server has no environment: its password stands in the file.
  const user = readFileSync(userFile, "utf8").replace(
    /<password from_env="\w+"\/>/,
    `<password>${password}</password>`,
  );
  writeFileSync(join(besideUsers, "grafana.xml"), user);
  const store = await startStore({ directory, identity });
  const { target, url, database } = store;
  await migrate(target);
  // Jobs by the clock would write between two questions.
  for (const job of jobs) await store.client.command({ query: `SYSTEM STOP VIEW ${database}.${job}` });
  await publishPrices(target, catalogue);
  const reader = createClient({
    url,
    database,
    username: "grafana",
    password,
    log: { level: ClickHouseLogLevel.OFF },
  });
  return {
    store,
    async ask(query) {
      const result = await reader.query({ query, format: "JSONCompact" });
      const { meta, data } = await result.json<unknown[]>();
      return { columns: meta ?? [], rows: data };
    },
    async parse(query) {
      const { stream } = await reader.exec({ query: `EXPLAIN AST ${query}` });
      return (await text(stream)).split("\n");
    },
    async landFile(file, mark) {
      const inserts = fillPlaceholders(readFileSync(file, "utf8"), { database });
      const renamed = inserts.replaceAll(/'[0-9a-f]{2}([0-9a-f]{30})'/g, `'${mark}$1'`);
      for (const query of statements(renamed)) {
        await store.client.command({ query, clickhouse_settings: { async_insert: 0 } });
      }
    },
    land: (rows) => landSpans(target, rows),
    settle: () => settle(target),
    explain: () => explain(target),
    async stop() {
      await reader.close();
      await store.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
