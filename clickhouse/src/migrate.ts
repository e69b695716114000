import { define, insertOnEveryNode } from "./cluster.ts";
import { LedgerError } from "./ledger-error.ts";
import { type LedgerTarget, selectRows } from "./ledger-target.ts";
import { deployObjects } from "./deploy.ts";
import { keepNoLanding, overLanding } from "./foreign-landing.ts";
import { refuseOldServer } from "./server-version.ts";
import { hashOfStatements, type SqlFile, sqlFiles, statements } from "./sql-files.ts";

/** What a run of {@link migrate} changed; all empty where the ledger was up to date. */
export interface MigrationReport {
  readonly migrations: readonly string[];
  /** Materialized views and saved views created or redefined. */
  readonly objects: readonly string[];
}

export interface MigrationOptions {
  onProgress?(line: string): void;
}

/**
 * Brings a ledger to the schema of this version. Safe to repeat, to interrupt and to run twice at once:
 * every statement is idempotent and a migration is recorded only when all of it has been applied.
 *
 * @throws LedgerError `old_server`; `changed_migration` where an applied migration differs from its file;
 * `newer_schema` where the ledger has migrations that this version does not know; what {@link overLanding} throws.
 */
export async function migrate(ledger: LedgerTarget, options: MigrationOptions = {}): Promise<MigrationReport> {
  const progress = (line: string): void => options.onProgress?.(line);
  await refuseOldServer(ledger);
  const target = await overLanding(ledger);
  const [records, ...files] = sqlFiles("migrations", target);
  if (records !== undefined) await apply(target, records);
  const applied = await appliedMigrations(target);
  refuseNewerSchema(files, applied);
  files.forEach((file) => refuseChange(file, applied));
  const pending = files.filter((file) => !applied.has(file.name));
  for (const file of pending) {
    progress(`Applying ${file.name}`);
    await apply(target, file);
    await insertOnEveryNode(target, "schema_migrations", [{ name: file.name, content_hash: hashOfStatements(file) }]);
  }
  if (target.landing) await keepNoLanding(target);
  const objects = await deployObjects(target, progress);
  return { migrations: pending.map((file) => file.name), objects };
}

async function apply(target: LedgerTarget, file: SqlFile): Promise<void> {
  for (const query of statements(file.text)) await define(target, query);
}

async function appliedMigrations(target: LedgerTarget): Promise<Map<string, string>> {
  const rows = await selectRows<{ name: string; content_hash: string }>(
    target,
    `SELECT name, content_hash FROM ${target.database}.schema_migrations FINAL`,
  );
  return new Map(rows.map((row) => [row.name, row.content_hash]));
}

function refuseNewerSchema(files: readonly SqlFile[], applied: ReadonlyMap<string, string>): void {
  const known = new Set(files.map((file) => file.name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name)).toSorted();
  if (unknown.length === 0) return;
  throw new LedgerError(
    "newer_schema",
    `This ledger was made by a newer Tokenledger: it has ${unknown.join(", ")}, ` +
      `and this version ends at ${files.at(-1)?.name ?? "nothing"}. Update tokenledger, or use another ledger.`,
  );
}

function refuseChange(file: SqlFile, applied: ReadonlyMap<string, string>): void {
  const hash = applied.get(file.name);
  // Earlier versions recorded the hash of the whole file, comments included.
  if (hash === undefined || hash === hashOfStatements(file) || hash === file.hash) return;
  throw new LedgerError(
    "changed_migration",
    `Migration ${file.name} was changed after it had been applied to this ledger. ` +
      `Restore the file and put the change into a new migration.`,
  );
}
