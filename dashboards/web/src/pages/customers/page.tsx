import type { JSX } from "preact";
import { WholeRangeNote } from "../../flow/whole-range.tsx";
import { Budgets } from "./budgets.tsx";
import { Forecast } from "./forecast.tsx";
import { UnitEconomics } from "./unit-economics.tsx";
import { Whales } from "./whales.tsx";

/** Who it was for: what customers and features cost and earned, what budgets hold, and what comes next. */
export const CustomersPage = (): JSX.Element => (
  <div class="grid">
    <WholeRangeNote />
    <UnitEconomics />
    <Whales />
    <Budgets />
    <Forecast />
  </div>
);
