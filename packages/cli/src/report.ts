import type { LedgerTarget } from "@tokenledger/clickhouse";
import { printJson } from "./output/json.ts";
import { print } from "./output/print.ts";
import { reportText, type ReportRows } from "./report-text.ts";
import { viewRows } from "./rows.ts";
import type { Window } from "./window.ts";

/** Prints where the money of a range of time went: as text, or as JSON for programs. */
export async function printReport(target: LedgerTarget, window: Window, options: { json?: boolean }): Promise<void> {
  const rows = await readReport(target, window);
  if (options.json === true) printJson({ window: { from: window.from, to: window.to }, ...rows });
  else print(reportText(rows, window));
}

async function readReport(target: LedgerTarget, window: Window): Promise<ReportRows> {
  const rows = <Row>(view: string): Promise<Row[]> => viewRows<Row>(target, view, window);
  const [totals, agents, steps, models, customers, cache, prices, usage] = await Promise.all([
    rows<ReportRows["totals"]>("ledger_total"),
    rows<ReportRows["agents"][number]>("agent_cost"),
    rows<ReportRows["steps"][number]>("step_cost"),
    rows<ReportRows["models"][number]>("model_cost"),
    rows<ReportRows["customers"][number]>("customer_cost"),
    rows<ReportRows["cache"][number]>("cache_profit_and_loss"),
    rows<ReportRows["prices"][number]>("price_coverage"),
    rows<ReportRows["usage"][number]>("usage_coverage"),
  ]);
  const [total] = totals;
  if (total === undefined) throw new Error("the view ledger_total gave no row; run tokenledger migrate");
  return { totals: total, agents, steps, models, customers, cache, prices, usage };
}
