import { existsSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { writePrivateFile } from "@tokenledger/core";
import {
  makeCatalogue,
  priceChanges,
  priceFilePaths,
  priceFilesIn,
  readFiles,
  refreshedList,
} from "@tokenledger/prices";
import { useLedger, withLedger, type LedgerOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { note, print } from "../../output/print.ts";
import { messageOf } from "../../output/text.ts";
import { UsageError } from "../../usage-error.ts";
import { changesText } from "./changes-text.ts";
import { publishFiles } from "./publish-files.ts";

interface RefreshOptions extends LedgerOptions {
  yes?: boolean;
  bundled?: boolean;
}

/** `tokenledger prices refresh SOURCE`: newer list prices, from where the user says. */
export function addRefresh(prices: Command): void {
  withLedger(prices.command("refresh"))
    .description("newer list prices from a file or address that you name; nothing is ever fetched otherwise")
    .argument("[source]", "data of genai-prices: a file, or an https address")
    .option("--yes", "apply them without asking")
    .option("--bundled", "go back to the list prices that this version ships")
    .addHelpText(
      "after",
      `
Shows what changes and asks. The reviewed overlay and your own prices stay, and win over refreshed ones.
  tokenledger prices refresh https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json

Exit code 1 where changes were shown and not applied.`,
    )
    .action(refresh);
}

async function refresh(source: string | undefined, options: RefreshOptions): Promise<void> {
  if ((source === undefined) === (options.bundled !== true))
    throw new UsageError("name a file or an https address to refresh from, or --bundled");
  const day = new Date().toISOString().slice(0, 10);
  const { refreshed: path } = priceFilePaths(options.directory);
  const text =
    source === undefined ? undefined : await refreshedList({ path: source, text: await textOf(source) }, day);
  const before = await readFiles(priceFilesIn(options.directory));
  const after = { ...before, refreshed: text === undefined ? undefined : { path, text } };
  const changes = priceChanges(await makeCatalogue(before), await makeCatalogue(after), day);
  if (options.json !== true) print(changesText(changes));
  const apply = options.yes === true || (options.json !== true && (await agreed()));
  if (apply) {
    if (text === undefined) rmSync(path, { force: true });
    else writePrivateFile(path, text);
  }
  const prices = apply ? await useLedger(options, (ledger) => publishFiles(ledger, options.directory)) : undefined;
  if (options.json === true) printJson({ source: source ?? "bundled", applied: apply, changes, prices });
  else if (prices === undefined) note("Nothing was changed. --yes applies it.");
  else
    print(
      `In force for calls from now on, as version ${prices.version}; tokenledger reprice applies it to earlier ones.`,
    );
  if (!apply) process.exitCode = 1;
}

/** Only somebody at a terminal can be asked. */
async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question("Apply these prices? [y/N] ")).trim());
  } finally {
    asking.close();
  }
}

/** More than any list of prices has. */
const largestBytes = 64 * 1024 * 1024;
const patienceMs = 60_000;

async function textOf(source: string): Promise<string> {
  if (!/^[a-z]+:\/\//i.test(source)) {
    if (!existsSync(source)) throw new UsageError(`there is no file ${source}`);
    return readFileSync(source, "utf8");
  }
  const url = new URL(source);
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    throw new UsageError(`${source}: prices are fetched by https only`);
  note(`Fetching ${source} …`);
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((error: unknown) => {
    throw new Error(`${source} could not be fetched: ${messageOf(error)}`, { cause: error });
  });
  if (!response.ok) throw new Error(`${source} could not be fetched: HTTP ${response.status}`);
  return limited(source, response);
}

async function limited(source: string, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestBytes) throw new Error(`${source} is larger than any list of prices; nothing was changed`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
