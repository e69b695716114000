import type { JSX } from "preact";
import { WholeRangeNote } from "../../flow/whole-range.tsx";
import { PriceCertainty, UsageCertainty } from "../overview/certainty.tsx";
import { Deliveries, Emitters } from "./deliveries.tsx";
import { PriceAges } from "./price-ages.tsx";
import { PriceExplanation } from "./price-explanation.tsx";

/** How far the numbers can be trusted: prices, counts, deliveries. */
export const HealthPage = (): JSX.Element => (
  <div class="grid">
    <WholeRangeNote />
    <PriceCertainty />
    <UsageCertainty />
    <PriceAges />
    <PriceExplanation />
    <Deliveries />
    <Emitters />
  </div>
);
