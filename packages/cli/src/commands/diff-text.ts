import { causeText } from "../output/ledger-words.ts";
import { compact, compareUsd, count, knownUsd, sumUsd, usd } from "../output/numbers.ts";
import { heading } from "../output/style.ts";
import { table, type Column } from "../output/table.ts";
import { plain } from "../output/text.ts";

/** What two runs paid for one cause, or in all under an empty cause: a row of `run_difference`. */
export interface Difference {
  cause: string;
  calls: string;
  other_calls: string;
  tokens: string;
  other_tokens: string;
  unpriced_calls: string;
  other_unpriced_calls: string;
  known_cost_usd: string;
  other_known_cost_usd: string;
  change_usd: string;
  change_percent: number | null;
}

/** How much more the second run may cost. */
export interface Limits {
  readonly percent?: string;
  readonly usd?: string;
}

/** Whether the limits hold, and why. */
export interface Verdict {
  readonly failed: boolean;
  readonly reason: string;
}

/** What `tokenledger diff` prints. */
export function differenceText(rows: readonly Difference[], first: string, second: string): string {
  return [heading(plain(`A: ${first}`)), plain(`B: ${second}`), "", table(rows, columns)].join("\n").trimStart();
}

const columns: Column<Difference>[] = [
  { heading: "", show: (row) => (row.cause === "" ? "total" : causeText(row.cause)), width: 24 },
  { heading: "A", show: (row) => knownUsd(row.known_cost_usd, row.unpriced_calls !== "0"), align: "right" },
  { heading: "B", show: (row) => knownUsd(row.other_known_cost_usd, row.other_unpriced_calls !== "0"), align: "right" },
  { heading: "change", show: (row) => changeOf(row), align: "right" },
  { heading: "calls", show: (row) => `${count(row.calls)} → ${count(row.other_calls)}`, align: "right" },
  { heading: "tokens", show: (row) => `${compact(row.tokens)} → ${compact(row.other_tokens)}`, align: "right" },
];

function changeOf({ change_usd: change, change_percent: percent }: Difference): string {
  const amount = change.startsWith("-") ? usd(change) : `+${usd(change)}`;
  return percent === null ? amount : `${amount} ${percentText(percent)}`;
}

const percentText = (percent: number): string => `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;

/**
 * Holds the second run to the limits; without a limit there is no verdict. Money is compared exactly, and a cost that
 * nobody knows is not taken to be within a limit.
 */
export function verdictOf(rows: readonly Difference[], limits: Limits): Verdict | undefined {
  const total = rows.find(({ cause }) => cause === "");
  if (total === undefined || (limits.percent === undefined && limits.usd === undefined)) return undefined;
  const unknown = Number(total.unpriced_calls) + Number(total.other_unpriced_calls);
  if (unknown > 0) {
    return { failed: true, reason: `cannot tell: ${unknown} calls have an unknown cost; tokenledger doctor says why` };
  }
  const allowed = [
    ...(limits.percent === undefined
      ? []
      : [{ text: `${limits.percent} %`, usd: partOf(total.known_cost_usd, limits.percent) }]),
    ...(limits.usd === undefined ? [] : [{ text: usd(limits.usd), usd: limits.usd }]),
  ];
  const passed = allowed.filter((limit) => compareUsd(total.change_usd, limit.usd) > 0);
  const change = `B costs ${changeOf(total)} against A (${usd(total.known_cost_usd)} → ${usd(total.other_known_cost_usd)})`;
  const limit = (passed.length > 0 ? passed : allowed).map(({ text }) => text).join(" and ");
  return { failed: passed.length > 0, reason: `${change}; ${passed.length > 0 ? "the limit is" : "within"} ${limit}` };
}

/** So many per cent of an amount, exactly: a hundredth is two decimals, and the percentage's own come on top. */
function partOf(amount: string, percent: string): string {
  const [whole = "0", fraction = ""] = percent.split(".");
  const times = BigInt(whole + fraction);
  const units = BigInt(sumUsd([amount]).replace(".", "")) * times;
  const decimals = 15 + 2 + fraction.length;
  const digits = units.toString().padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
