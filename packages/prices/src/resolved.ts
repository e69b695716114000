import { multiplyPrice } from "./decimal.ts";
import { type Factor, type Layer, layers, type Provenance } from "./price-list.ts";

/** A price and the word it rests on. */
export interface Resolved extends Provenance {
  /** USD per unit as a decimal. */
  readonly price: string;
  readonly layer: Layer;
  /** `YYYY-MM-DD` since when they say so. */
  readonly from: string;
}

/** Of rules that begin on the same day the last one. */
export function newestOf<Rule extends { readonly from: string }>(rules: readonly Rule[]): Rule | undefined {
  return rules.reduce<Rule | undefined>((best, rule) => (best && best.from > rule.from ? best : rule), undefined);
}

const later = (one: string, other: string): string => (one > other ? one : other);

/** A price that follows from another one by a rule: both are its source, and the stronger of their layers its layer. */
export function times(
  rule: Pick<Factor, "factor" | "from" | "source" | "checkedOn">,
  layer: Layer,
  base: Resolved,
): Resolved {
  const origin = rule.source === base.source ? "the price there" : base.source;
  return {
    source: `${rule.source}: ${rule.factor} of ${origin}`,
    checkedOn: rule.checkedOn,
    confidence: "derived",
    layer: layers.indexOf(layer) > layers.indexOf(base.layer) ? layer : base.layer,
    price: multiplyPrice(base.price, rule.factor),
    from: later(base.from, rule.from),
  };
}
