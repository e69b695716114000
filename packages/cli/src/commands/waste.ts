import type { Command } from "commander";
import { queryView, type LedgerTarget } from "@tokenledger/clickhouse";
import { printJson } from "../output/json.ts";
import { print } from "../output/print.ts";
import { useSelection, withSelection, type Selection, type SelectionOptions } from "../selection.ts";
import { historyParameters, withHistory, type HistoryOptions } from "./history-options.ts";
import { wasteText, type CauseSpend, type Saving, type WasteRows } from "./waste-text.ts";

/** `tokenledger waste`: where the money went by cause, and what to change first. */
export function addWaste(program: Command): void {
  withHistory(withSelection(program.command("waste")))
    .description("where the money went by cause, and the largest savings with the queries that prove them")
    .addHelpText(
      "after",
      `
Examples:
  tokenledger waste --since 7d
  tokenledger waste --trace 0af7651916cd43dd8448eb211c80319c
  tokenledger waste --conversation 3b1b6293-65e1-4c3e-9f95-d530143332f2 --json`,
    )
    .action((options: SelectionOptions & HistoryOptions) =>
      useSelection(options, async (target, selection) => {
        const rows = await readWaste(target, selection, options);
        const { parameters, total } = selection;
        if (options.json === true) printJson({ selection: parameters, total, ...rows });
        else if (total.calls === "0") print("No model calls in the ledger. tokenledger report says how to get some.");
        else print(wasteText(rows, selection));
      }),
    );
}

async function readWaste(target: LedgerTarget, { parameters }: Selection, options: HistoryOptions): Promise<WasteRows> {
  const causes = async (by: string): Promise<CauseSpend[]> =>
    (await queryView(target, "spend_by_cause", { ...parameters, by })) as unknown as CauseSpend[];
  // One after the other: each takes all of the server, and readers have a time limit for each.
  const [all, agents] = [await causes(""), await causes("agent")];
  const [customers, sessions] = [await causes("customer"), await causes("session")];
  const savings = await queryView(target, "savings", { ...parameters, ...historyParameters(options) });
  return { causes: all, agents, customers, sessions, savings: savings as unknown as Saving[] };
}
