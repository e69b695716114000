import { useUrlState } from "../../data/url-state.ts";
import { weights, type Weight } from "../../icicle/measures.ts";

/** What boxes are weighed by, as the address says. */
export function useWeight(): [weight: Weight, set: (weight: Weight) => void] {
  const [text, set] = useUrlState("weight", "cost");
  return [weights.find((weight) => weight === text) ?? "cost", set];
}
