import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { LedgerError, type LedgerTarget } from "./ledger-target.ts";

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
  return readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith(".sql"))
    .toSorted()
    .map((file) => sqlFile(file.slice(0, -".sql".length), readSql(`${folder}/${file}`), target));
}

/** Names of the saved views: the folders that hold them. */
export function viewNames(): string[] {
  return readdirSync(new URL("views/", root)).toSorted();
}

export function viewSource(name: string): string {
  return readSql(`views/${name}/view.sql`);
}

export function sqlFile(name: string, source: string, target: LedgerTarget): SqlFile {
  const text = withPlaceholders(source, target);
  return { name, text, hash: createHash("sha256").update(text).digest("hex") };
}

/** Statements of a file. By the rule of this folder no comment or string holds a semicolon at a line's end. */
export function statements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/--.*$/gm, "").trim() !== "");
}

function readSql(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** Replaces the placeholders of SQL: on one node there is no cluster, and no local table behind a distributed one. */
function withPlaceholders(text: string, { database }: LedgerTarget): string {
  if (!/^[A-Za-z_]\w{0,127}$/.test(database)) {
    throw new LedgerError(
      "invalid_database",
      `"${database}" is not a database name: use letters, digits and underscores, not starting with a digit.`,
    );
  }
  return fillPlaceholders(text, { database, on_cluster: "", replicated: "", local: "" });
}

/** An empty value takes the space before it along. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/ ?\$\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Unknown placeholder ${placeholder} in SQL`);
    return value === "" ? "" : placeholder.replace(/\$\{\w+\}/, value);
  });
}
