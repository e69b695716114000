import type { JSX } from "preact";
import { compareUsd, count, share, usd } from "../../data/money.ts";
import { RangeBar } from "../../flow/range-bar.tsx";
import { isRange, type Outcome } from "./alternative.ts";

/** What was billed beside what it would have been, and how sure that is. */
export function OutcomeSummary({ outcome, why }: { readonly outcome: Outcome; readonly why: string }): JSX.Element {
  const { billed, cost, saved, least, most, changed, calls } = outcome;
  const difference = compareUsd(saved, "0");
  const amount = usd(saved.replace("-", ""));
  return (
    <div class="outcome">
      <dl>
        <div>
          <dt>Billed</dt>
          <dd data-figure="billed">{usd(billed)}</dd>
        </div>
        <div>
          <dt>What if</dt>
          <dd data-figure="what-if">{usd(cost)}</dd>
        </div>
        <div class={outcomeClass(difference)}>
          <dt>{difference < 0 ? "Dearer by" : "Saved"}</dt>
          <dd>
            <span data-figure="saved">{amount}</span> <small>{share(saved.replace("-", ""), billed)}</small>
          </dd>
        </div>
      </dl>
      <RangeBar least={least} most={most} whole={billed} />
      <p>
        {isRange(outcome) ? (
          <>
            <span class="estimate">estimate</span> {between(least, most)}: {why}.{" "}
          </>
        ) : null}
        {count(changed)} of {count(calls)} calls would have cost something else.
      </p>
      <LeftAsBilled outcome={outcome} />
    </div>
  );
}

/** What could not be compared: it must not look like nothing saved. */
function LeftAsBilled({ outcome: { unpriced, unrecorded } }: { readonly outcome: Outcome }): JSX.Element | null {
  const reasons = [
    ...(unpriced === "0" ? [] : [`${count(unpriced)} without a price, now or then`]),
    ...(unrecorded === "0" ? [] : [`${count(unrecorded)} without a record of their prompt`]),
  ];
  return reasons.length === 0 ? null : <p class="warn">Left as billed: {reasons.join("; ")}.</p>;
}

function outcomeClass(difference: number): string {
  if (difference === 0) return "";
  return difference < 0 ? "outcome-worse" : "outcome-better";
}

const between = (least: string, most: string): string => `saves between ${usd(least)} and ${usd(most)}`;
