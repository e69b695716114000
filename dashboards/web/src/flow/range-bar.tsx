import type { JSX } from "preact";
import { type Amount, drawn } from "../data/money.ts";

interface RangeBarProperties {
  readonly least: Amount;
  readonly most: Amount;
  /** What the whole length stands for. */
  readonly whole: Amount;
}

/** What is saved of a whole: sure up to the least, possible up to the most. The amounts stand beside it. */
export function RangeBar({ least, most, whole }: RangeBarProperties): JSX.Element {
  const total = drawn(whole);
  const partOf = (amount: Amount): number =>
    total > 0 ? Math.min(Math.max((100 * drawn(amount)) / total, 0), 100) : 0;
  return (
    <span class="range-bar" aria-hidden="true">
      <i class="range-possible" style={{ width: `${partOf(most)}%` }} />
      <i class="range-sure" style={{ width: `${partOf(least)}%` }} />
    </span>
  );
}
