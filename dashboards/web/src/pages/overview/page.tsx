import type { JSX } from "preact";
import { linkTo, rangeBefore } from "../../data/selection.ts";
import { WholeRangeNote } from "../../flow/whole-range.tsx";
import { Change } from "./change.tsx";
import { PriceCertainty, UsageCertainty } from "./certainty.tsx";
import { SpendOverTime } from "./spend-over-time.tsx";
import { TopSavings } from "./top-savings.tsx";
import { Totals } from "./totals.tsx";

/** Where the money went, what changed, what to change first, and how sure all of that is. */
export function OverviewPage(): JSX.Element {
  // All time has nothing before it.
  const base = rangeBefore.value;
  return (
    <div class="grid">
      <WholeRangeNote />
      <Totals />
      <SpendOverTime />
      {base === undefined ? null : <Change base={base} />}
      <TopSavings class={base === undefined ? "" : "half"} />
      <UsageCertainty />
      <PriceCertainty
        more={
          <>
            {" "}
            <a href={linkTo("/health")}>Prices and health</a>
          </>
        }
      />
    </div>
  );
}
