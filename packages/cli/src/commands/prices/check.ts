import type { Command } from "commander";
import { checkOwnPrices, PriceFileError, priceFilePaths, priceFilesIn, readFiles } from "@tokenledger/prices";
import { ok, problem, warning, type Finding } from "../../doctor/finding.ts";
import { findingLine } from "../../doctor/finding-line.ts";
import { priceAgeFindings, priceFindings } from "../../doctor/prices.ts";
import { useWindow, withWindow, type WindowOptions } from "../../options.ts";
import { printJson } from "../../output/json.ts";
import { print } from "../../output/print.ts";
import { viewRows, type PriceAge, type PriceCoverage } from "../../rows.ts";

/** `tokenledger prices check`: whether the user's files are right, and whether they and the catalogue suffice. */
export function addCheck(prices: Command): void {
  withWindow(prices.command("check"))
    .description("whether your price file is right, prices are old, and every model of the ledger has one")
    .addHelpText("after", "\nExit code 1 where the file is wrong, or calls have no price.")
    .action(async (options: WindowOptions) => {
      const files = await ownFindings(options.directory);
      const wrong = files.some(({ level }) => level === "problem");
      const found = wrong ? { findings: [], unpriced: [] } : await ledgerFindings(options);
      const findings = [...files, ...found.findings];
      if (options.json === true) printJson({ findings, unpriced: found.unpriced });
      else for (const finding of findings) print(findingLine(finding));
      if (wrong || found.unpriced.length > 0) process.exitCode = 1;
    });
}

async function ownFindings(directory: string): Promise<Finding[]> {
  const path = priceFilePaths(directory).own;
  const files = priceFilesIn(directory);
  try {
    const { prices, discounts, names, idle } = await checkOwnPrices(await readFiles(files));
    if (files.own === undefined) return [ok("your prices", `none: there is no ${path}`)];
    return [
      ok("your prices", `${path}: ${prices} prices, ${discounts} discounts, ${names} names`),
      ...idle.map((row) => warning("your prices", row, "correct or remove this row: it changes no price")),
    ];
  } catch (error) {
    if (!(error instanceof PriceFileError)) throw error;
    return error.problems.map((one) =>
      problem("your prices", `${error.file}: ${one}`, "correct it; until then no price of the file is used"),
    );
  }
}

async function ledgerFindings(options: WindowOptions): Promise<{ findings: Finding[]; unpriced: PriceCoverage[] }> {
  return useWindow(options, async ({ reader }, window) => {
    const coverage = await viewRows<PriceCoverage>(reader, "price_coverage", window);
    const ages = await viewRows<PriceAge>(reader, "price_age", window);
    return {
      findings: [...priceFindings(coverage), ...priceAgeFindings(ages)],
      unpriced: coverage.filter(({ reason }) => reason.startsWith("no price") || reason === "no model"),
    };
  });
}
