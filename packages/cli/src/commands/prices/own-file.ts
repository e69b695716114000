import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { writePrivateFile } from "@tokenledger/core";
import {
  makeCatalogue,
  type OwnPricesSection,
  priceFilePaths,
  priceFilesIn,
  readFiles,
  withOwnRow,
} from "@tokenledger/prices";
import { useLedger, type LedgerOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { print } from "../../output/print.ts";
import { publishFiles } from "./publish-files.ts";

/**
 * Adds a row to the user's price file and puts it in force. The file changes whole, and only where the catalogue that
 * it makes is right.
 */
export async function addOwnRow(
  options: LedgerOptions,
  section: OwnPricesSection,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { own: path } = priceFilePaths(options.directory);
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const text = withOwnRow({ path, text: before }, section, row);
  await makeCatalogue({ ...(await readFiles(priceFilesIn(options.directory))), own: { path, text } });
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  writePrivateFile(path, text);
  const prices = await useLedger(options, (ledger) => publishFiles(ledger, options.directory));
  if (options.json === true) printJson({ file: path, section, row, prices });
  else
    print(
      `Added to ${path}: ${JSON.stringify(row)}\n` +
        `In force for calls from now on, as version ${prices.version}; tokenledger reprice applies it to earlier ones.`,
    );
}
