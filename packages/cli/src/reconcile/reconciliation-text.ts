import { count, usd } from "../output/numbers.ts";
import { dim, good, heading, warn } from "../output/style.ts";
import { table, type Column } from "../output/table.ts";
import { plain, wrapped } from "../output/text.ts";
import type { ComparedDay } from "./comparison.ts";
import type { ConstantRatio } from "./constant-ratio.ts";
import { formatMoney, type Money, parseMoney } from "./money.ts";

/** What comparing a bill with the ledger found. */
export interface Reconciliation {
  readonly provider: string;
  readonly days: readonly ComparedDay[];
  readonly ratios: readonly ConstantRatio[];
  readonly notes: readonly string[];
}

/** The comparison for a terminal: totals, the days that differ, and what to look at. */
export function reconciliationText({ provider, days, ratios, notes }: Reconciliation): string {
  const total = (column: "bill_usd" | "ledger_usd" | "difference_usd"): string =>
    formatMoney(days.reduce<Money>((sum, row) => sum + (parseMoney(row[column])?.amount ?? 0n), 0n));
  const differing = days.filter(({ difference_usd }) => difference_usd !== "0");
  const open = differing.filter(({ explained_by }) => explained_by.length === 0);
  const whose = provider === "" ? "" : ` of ${plain(provider)}`;
  const lines = [
    ...notes.map((one) => warn(wrapped(`Note: ${plain(one)}`))),
    heading(`Bill${whose}: ${usd(total("bill_usd"))}, ledger: ${usd(total("ledger_usd"))}`),
    `${count(days.length)} days and models compared, ${count(differing.length)} differ, by ${usd(total("difference_usd"))} in all`,
  ];
  if (differing.length > 0) lines.push(table(differing, columns));
  for (const { model, ratio, days: sameDays } of ratios) lines.push(wrapped(ratioText(model, ratio, sameDays)));
  if (open.length > 0) lines.push(dim(wrapped(advice(open))));
  else if (days.length > 0) lines.push(good("Every difference is explained."));
  return lines.join("\n");
}

const ratioText = (model: string, ratio: number, days: number): string =>
  `${plain(model)}: the bill is ${ratio} of the ledger on each of ${days} days. A discount, a tier or a region that the ` +
  `ledger does not know of? tokenledger prices add discount says so.`;

const advice = ([first]: readonly ComparedDay[]): string =>
  `Not explained: programs that the ledger does not observe but that use the same account, or prices that differ. ` +
  `tokenledger prices explain ${plain(first?.model ?? "")} --at ${first?.day} shows what was charged here.`;

const columns: Column<ComparedDay>[] = [
  { heading: "day", show: (row) => row.day },
  { heading: "model", show: (row) => row.model, width: 26 },
  { heading: "bill", show: (row) => usd(row.bill_usd), align: "right" },
  { heading: "ledger", show: (row) => usd(row.ledger_usd), align: "right" },
  { heading: "difference", show: (row) => usd(row.difference_usd), align: "right" },
  { heading: "explained by", show: (row) => row.explained_by.join("; ") || "nothing", width: 60 },
];
