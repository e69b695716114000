import type { LedgerCost } from "./cost-ledger.ts";

/** One amount compared with what somebody else says it is. */
export interface Comparison {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly expected: string;
  readonly ledger: string | null;
  readonly agrees: boolean;
  /** Why it differs, or why it was not judged. */
  readonly note: string;
}

/** A millionth of a dollar. */
const tolerance = 1e-6;

/** Compares what the ledger says with an amount; `null` agrees with nothing. */
export function compare(
  call: { readonly id: string; readonly provider: string; readonly model: string },
  expected: string,
  cost: LedgerCost | undefined,
): Comparison {
  const { id, provider, model } = call;
  const ledger = cost?.usd ?? null;
  const agrees = ledger !== null && Math.abs(Number(ledger) - Number(expected)) <= tolerance;
  const note = cost === undefined ? "not in the ledger" : cost.unpriced;
  return { id, provider, model, expected, ledger, agrees, note };
}

/** A section of the report: its title, what was judged, and what was left out. */
export interface Section {
  readonly title: string;
  readonly judged: readonly Comparison[];
  readonly left: Readonly<Record<string, number>>;
}

/** True where every judged amount agrees and there was one. */
export function passes({ judged }: Section): boolean {
  return judged.length > 0 && judged.every(({ agrees }) => agrees);
}

/** The section as lines for a terminal. */
export function formatSection(section: Section): string {
  const { title, judged, left } = section;
  const agreeing = judged.filter(({ agrees }) => agrees).length;
  const lines = [`${title}: ${judged.length} compared, ${agreeing} agree, ${judged.length - agreeing} differ`];
  for (const one of judged) if (!one.agrees || one.note) lines.push(`  ${one.agrees ? "  " : "✗ "}${line(one)}`);
  for (const [reason, count] of Object.entries(left)) lines.push(`    left out: ${count} ${reason}`);
  return lines.join("\n");
}

const line = ({ id, provider, model, expected, ledger, note }: Comparison): string =>
  `${id} ${provider} ${model}: ${expected} expected, ${ledger ?? "unpriced"} in the ledger${note ? ` (${note})` : ""}`;
