import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PriceFileError } from "./price-file-reader.ts";

/** Paths of the files that a catalogue is made of beside what this package ships. */
export interface CatalogueFiles {
  /** A price file whose prices win over all others. */
  readonly own?: string;
  /** List prices that were refreshed: they take the place of the bundled ones. */
  readonly refreshed?: string;
}

/** A file as it was at one moment. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** The same files, read. */
export interface CatalogueTexts {
  readonly own?: FileText | undefined;
  readonly refreshed?: FileText | undefined;
}

/** Where the files of a ledger's directory are, whether they exist or not. */
export function priceFilePaths(directory: string): Required<CatalogueFiles> {
  return { own: join(directory, "prices.json"), refreshed: join(directory, "refreshed-prices.json") };
}

/** The files that there are in a ledger's directory. */
export function priceFilesIn(directory: string): CatalogueFiles {
  return Object.fromEntries(Object.entries(priceFilePaths(directory)).filter(([, path]) => existsSync(path)));
}

/** @throws {PriceFileError} where a file can't be read. */
export async function readFiles({ own, refreshed }: CatalogueFiles): Promise<CatalogueTexts> {
  return {
    own: own === undefined ? undefined : await readText(own),
    refreshed: refreshed === undefined ? undefined : await readText(refreshed),
  };
}

/** @throws {PriceFileError} where the text is no JSON. */
export function parseJson({ path, text }: FileText): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readText(path: string): Promise<FileText> {
  return {
    path,
    text: await readFile(path, "utf8").catch((error: unknown) => Promise.reject(unreadable(path, error))),
  };
}

function unreadable(path: string, error: unknown): PriceFileError {
  return new PriceFileError(path, [`can't be read as JSON: ${error instanceof Error ? error.message : String(error)}`]);
}
