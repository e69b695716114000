import { createHash } from "node:crypto";
import { landingSelect, type LandingSelect } from "./landing-columns.ts";
import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import type { SqlFile } from "./sql-files.ts";

/** A table of spans that is not the ledger's own, and how to read it as if it were. */
export interface ForeignLanding extends LandingSelect {
  /** `database.table` */
  readonly table: string;
}

/**
 * The ledger with the landing table that it lies over: the one named, or the one it was made over. A ledger with spans
 * of its own has none.
 *
 * @throws LedgerError `unknown_landing`, `other_landing` where the ledger has spans of its own or lies over another
 * table, `landing_on_cluster`
 */
export async function overLanding(target: LedgerTarget, name?: string): Promise<LedgerTarget> {
  if (target.landing) return target;
  const made = await landingInForce(target);
  if (name !== undefined && made !== undefined && made !== name) {
    throw otherLanding(target, `lies over ${made}, not over ${name}`);
  }
  const table = name ?? made;
  if (table === undefined) return target;
  if (target.cluster) {
    throw new LedgerError(
      "landing_on_cluster",
      "A ledger on a cluster does not lie over another landing table yet. Point the collector at the ledger's own " +
        `otel_traces, and fill it a day at a time with INSERT INTO ${target.database}.otel_traces SELECT * FROM ${table}.`,
    );
  }
  return { ...target, landing: { table, ...landingSelect(table, await columnsOf(target, table)) } };
}

/**
 * Makes the ledger's landing table keep nothing: what is inserted there passes on to the facts.
 *
 * @throws LedgerError `other_landing` where it holds spans
 */
export async function keepNoLanding(target: LedgerTarget): Promise<void> {
  const { client, database } = target;
  const [own] = await selectRows<{ engine: string; rows: string }>(
    target,
    "SELECT tables.engine AS engine, ifNull(tables.total_rows, 0) AS rows FROM system.tables AS tables WHERE tables.database = {database:String} AND tables.name = 'otel_traces'",
    { database },
  );
  if (own?.engine === "Null") return;
  if (own?.rows !== "0") throw otherLanding(target, "has spans of its own");
  await client.command({
    query: `CREATE OR REPLACE TABLE ${database}.otel_traces AS ${database}.otel_traces ENGINE = Null COMMENT 'Spans on their way from another landing table. Grain: one row per delivery of a span'`,
  });
}

/** What takes up new rows of the landing table. Where it fails, so does the insert there. */
export function landingReader({ database, landing }: LedgerTarget): SqlFile[] {
  if (!landing) return [];
  const text = `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.read_landing TO ${database}.otel_traces\nAS\n${landing.select}`;
  return [{ name: "read_landing", text, hash: createHash("sha256").update(text).digest("hex") }];
}

/** The server knows which table a materialized view takes its rows from. */
async function landingInForce(target: LedgerTarget): Promise<string | undefined> {
  const [source] = await selectRows<{ landing: string }>(
    target,
    `SELECT concat(tables.database, '.', tables.name) AS landing FROM system.tables AS tables
     WHERE has(arrayZip(tables.dependencies_database, tables.dependencies_table), ({database:String}, 'read_landing'))`,
    { database: target.database },
  );
  return source?.landing;
}

async function columnsOf(target: LedgerTarget, name: string): Promise<ReadonlyMap<string, string>> {
  const [database, table, ...more] = name.split(".");
  if (![database, table].every((part) => /^[A-Za-z_]\w*$/.test(part ?? "")) || more.length > 0) {
    throw new LedgerError(
      "unknown_landing",
      `"${name}" names no table. Write database.table: --landing otel.otel_traces.`,
    );
  }
  const columns = await selectRows<{ name: string; type: string }>(
    target,
    "SELECT columns.name AS name, columns.type AS type FROM system.columns AS columns WHERE columns.database = {database:String} AND columns.table = {table:String}",
    { database, table },
  );
  return new Map(columns.map((column) => [column.name, column.type]));
}

const otherLanding = ({ database }: LedgerTarget, what: string): LedgerError =>
  new LedgerError(
    "other_landing",
    `The ledger in database ${database} ${what}. Make one in a database of its own: --clickhouse http://user:password@host:8123/NAME --landing database.table.`,
  );
