import type { Command } from "commander";
import { listViews, type ViewDescription } from "@tokenledger/clickhouse";
import { printJson } from "../output/json.ts";
import { print } from "../output/print.ts";
import { dim, heading } from "../output/style.ts";
import { wrapped } from "../output/text.ts";
import { UsageError } from "../usage-error.ts";

/** `tokenledger views`: the questions the ledger answers, as their SQL documents them. */
export function addViews(program: Command): void {
  program
    .command("views")
    .description("list the saved views: what each answers, and its parameters")
    .argument("[name]", "one view")
    .option("--json", "print JSON for programs")
    .addHelpText(
      "after",
      `
Ask one from SQL, the range being half-open:
  tokenledger sql "SELECT * FROM model_cost(from = '2026-11-01', to = '2026-12-01')"`,
    )
    .action((name: string | undefined, options: { json?: boolean }) => {
      const views = listViews().filter((view) => name === undefined || view.name === name);
      if (views.length === 0) {
        throw new UsageError(`there is no view "${name}"; tokenledger views lists them`);
      }
      if (options.json === true) printJson({ views });
      else for (const view of views) show(view);
    });
}

function show(view: ViewDescription): void {
  const parameters = view.parameters.map(({ name, type }) => `${name} ${type}`).join(", ");
  print(heading(view.name));
  print(wrapped(view.title, "  "));
  if (parameters !== "") print(dim(wrapped(`Takes: ${parameters}`, "  ")));
  if (view.grain !== "") print(dim(wrapped(`Grain: ${view.grain}`, "  ")));
  if (view.assumes !== "") print(dim(wrapped(`Assumes: ${view.assumes}`, "  ")));
  if (view.excludes !== "") print(dim(wrapped(`Leaves out: ${view.excludes}`, "  ")));
}
