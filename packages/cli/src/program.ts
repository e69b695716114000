import { Command } from "commander";
import { addAgents } from "./commands/agents.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addPage } from "./commands/page.ts";
import { addPrices } from "./commands/prices/prices.ts";
import { addReconcile } from "./commands/reconcile.ts";
import { addReprice } from "./commands/reprice.ts";
import { addReport } from "./commands/report.ts";
import { addRun } from "./commands/run.ts";
import { addTrace } from "./commands/trace.ts";
import { addImport } from "./commands/import.ts";
import { addMigrate } from "./commands/migrate.ts";
import { addSql } from "./commands/sql.ts";
import { addUp } from "./commands/up.ts";
import { addViews } from "./commands/views.ts";
import { addWaste } from "./commands/waste.ts";
import { addWhatIf } from "./commands/whatif.ts";
import { addDiff } from "./commands/diff.ts";
import { ownVersion } from "./own-version.ts";

/** The command line; `parseAsync` runs one command of it. */
export function program(): Command {
  const root = new Command("tokenledger")
    .description("What every token of your LLM agents cost, and why.")
    .version(ownVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      "after",
      "\nStart with: tokenledger up, then node --import tokenledger/register app.js, then tokenledger report",
    );
  root
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "tokenledger: ")) })
    .showHelpAfterError("Try --help, here or behind a command.");
  for (const add of [
    addUp,
    addPage,
    addRun,
    addImport,
    addReport,
    addTrace,
    addAgents,
    addWaste,
    addWhatIf,
    addDiff,
    addViews,
    addSql,
    addPrices,
    addReprice,
    addReconcile,
    addDoctor,
    addMigrate,
  ]) {
    add(root);
  }
  return root;
}
