import type { JSX } from "preact";
import { Change } from "./change.tsx";
import { PriceCertainty, UsageCertainty } from "./certainty.tsx";
import { SpendOverTime } from "./spend-over-time.tsx";
import { TopSavings } from "./top-savings.tsx";
import { Totals } from "./totals.tsx";

/** Where the money went, what changed, what to change first, and how sure all of that is. */
export const OverviewPage = (): JSX.Element => (
  <div class="grid">
    <Totals />
    <SpendOverTime />
    <Change />
    <TopSavings />
    <UsageCertainty />
    <PriceCertainty />
  </div>
);
