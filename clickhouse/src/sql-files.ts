import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { LedgerTarget } from "./ledger-target.ts";
import { sqlFor } from "./sql-for-target.ts";

/** A file of SQL, as it is applied: placeholders replaced. */
export interface SqlFile {
  /** Without folder and extension. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: string;
}

const root = new URL("../", import.meta.url);

/** Files of one folder in the order of their names. */
export function sqlFiles(folder: "migrations" | "facts", target: LedgerTarget): SqlFile[] {
  return namesIn(folder).map((name) => sqlFile(name, readSql(`${folder}/${name}.sql`), target));
}

const namesIn = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .toSorted();

/** The migrations, in order, as they are written. */
export function migrationSources(): string[] {
  return namesIn("migrations").map((name) => readSql(`migrations/${name}.sql`));
}

/** Names of the saved views: the folders that hold them. */
export function viewNames(): string[] {
  return readdirSync(new URL("views/", root)).toSorted();
}

export function viewSource(name: string): string {
  return readSql(`views/${name}/view.sql`);
}

/** A fact as it is written. */
export function factSource(name: string): string {
  return readSql(`facts/${name}.sql`);
}

export function sqlFile(name: string, source: string, target: LedgerTarget): SqlFile {
  const text = sqlFor(target, source);
  return { name, text, hash: sha256(text) };
}

/** SHA-256 of what a file does: its comments may be put better, and its lines broken otherwise. */
export function hashOfStatements({ text }: Pick<SqlFile, "text">): string {
  return sha256(withoutComments(text).replaceAll(/\s+/g, " "));
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Statements of a file. By the rule of this folder no comment or string holds a semicolon at a line's end. */
export function statements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => withoutComments(statement) !== "");
}

const withoutComments = (text: string): string => text.replaceAll(/--.*$/gm, "").trim();

function readSql(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}
