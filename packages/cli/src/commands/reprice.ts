import { existsSync } from "node:fs";
import type { Command } from "commander";
import {
  catalogueVersion,
  type LedgerTarget,
  onCluster,
  previewRepricing,
  publishBook,
  reprice,
  type RepricedModel,
  repricedDays,
} from "@tokenledger/clickhouse";
import { offerCatalogue, priceFilesIn } from "@tokenledger/prices";
import { useWindow, withWindow, type WindowOptions } from "../options.ts";
import { printJson } from "../output/json.ts";
import { count, usd } from "../output/numbers.ts";
import { print } from "../output/print.ts";
import { progressBar } from "../output/progress.ts";
import { table, type Column } from "../output/table.ts";
import { UsageError } from "../usage-error.ts";
import type { Window } from "../window.ts";

interface RepriceOptions extends WindowOptions {
  book: string;
  dryRun?: boolean;
}

/** `tokenledger reprice`: what earlier calls cost by a newer, an older or another price catalogue. */
export function addReprice(program: Command): void {
  withWindow(program.command("reprice"))
    .description("price calls once more, by the prices in force or by others")
    .option(
      "--book <which>",
      "newer: in force; older: in force before; a version of tokenledger prices catalogues; or a price file",
      "newer",
    )
    .option("--dry-run", "only show what would change, model by model")
    .addHelpText(
      "after",
      `
Goes day by day, and only over calls that another catalogue priced: an interrupted run is simply started again, and
running it with the former catalogue takes it back. A book is for the calls it is asked for: new ones, and those of
which a span comes in late, get the prices in force.
  tokenledger reprice --dry-run --since 2026-11-01
  tokenledger reprice --book older --since 2026-10-01 --until 2026-11-01
  tokenledger reprice --book next-contract.json --dry-run --since 30d`,
    )
    .action(runReprice);
}

async function runReprice(options: RepriceOptions): Promise<void> {
  await useWindow(options, async ({ target }, window) => {
    const version = await versionOf(target, options);
    const changes = await previewRepricing(target, window, version);
    const days = options.dryRun === true ? [] : await repriceByDay(target, window, version);
    const repriced = days.reduce((total, { pending }) => total + pending, 0);
    if (options.json === true) return printJson({ version, dryRun: options.dryRun === true, changes, days });
    print(changesText(changes));
    const done =
      options.dryRun === true ? "Nothing was changed: this was a dry run" : `Priced ${count(repriced)} calls`;
    print(`${done} with catalogue ${version}.`);
  });
}

/** A price file is a book of its own: the shipped prices with that file's on top. */
async function versionOf(target: LedgerTarget, { book, directory }: RepriceOptions): Promise<number> {
  if (/^(newer|older|\d+)$/.test(book)) return catalogueVersion(target, book);
  if (!existsSync(book))
    throw new UsageError(`--book: "${book}" is no file; write newer, older, a version or the path of a price file`);
  return publishBook(await onCluster(target), await offerCatalogue({ ...priceFilesIn(directory), own: book }));
}

async function repriceByDay(target: LedgerTarget, window: Window, version: number): ReturnType<typeof repricedDays> {
  const days = await repricedDays(target, window, version);
  const pending = days.filter((day) => day.pending > 0);
  const bar = progressBar(
    "Pricing",
    pending.reduce((total, day) => total + day.pending, 0),
  );
  for (const { day, pending: amount } of pending) {
    const from = new Date(Math.max(Date.parse(day), window.from.getTime()));
    const to = new Date(Math.min(Date.parse(day) + 86_400_000, window.to.getTime()));
    await reprice(target, { from, to }, version);
    bar.advance(amount);
  }
  bar.end();
  return days;
}

function changesText(changes: readonly RepricedModel[]): string {
  const changed = changes.filter(
    (row) => row.known_cost_usd !== row.new_known_cost_usd || row.unpriced_calls !== row.newly_unpriced_calls,
  );
  return changed.length === 0 ? "No cost changes." : table(changed, columns);
}

const columns: Column<RepricedModel>[] = [
  { heading: "provider", show: (row) => row.provider },
  { heading: "model", show: (row) => row.model, width: 30 },
  { heading: "calls", show: (row) => count(row.calls), align: "right" },
  { heading: "cost", show: (row) => usd(row.known_cost_usd), align: "right" },
  { heading: "becomes", show: (row) => usd(row.new_known_cost_usd), align: "right" },
  { heading: "unpriced", show: unpriced, align: "right" },
];

function unpriced({ unpriced_calls: before, newly_unpriced_calls: after }: RepricedModel): string {
  return before === after ? count(before) : `${count(before)} → ${count(after)}`;
}
