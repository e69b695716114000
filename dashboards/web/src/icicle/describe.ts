import { atLeast, compact, duration, share, usdOf } from "../data/money.ts";
import { weightOf, type Weight } from "./measures.ts";
import type { SpanNode } from "./span-tree.ts";

/** What a node cost, of all under it or of its own calls alone; nothing where no call was. */
export function moneyOf(node: SpanNode, part: "total" | "own"): string {
  if (node.span !== undefined && node.span.billed_by !== "") return "counted elsewhere";
  const { cost, calls, unpriced } = node[part];
  return calls === 0 ? "" : atLeast(usdOf(cost), unpriced > 0);
}

/** A measure of a node and all under it, as text. */
export function amountOf(node: SpanNode, weight: Weight): string {
  if (weight === "cost") return moneyOf(node, "total");
  const amount = node.total[weight];
  return weight === "time" ? duration(amount * 1e6) : compact(amount);
}

/** A node in a sentence: its name, its sums, and its part of the whole. */
export function describe(node: SpanNode, root: SpanNode, weight: Weight): string {
  const times = node.count > 1 ? ` × ${node.count}` : "";
  const agent = node.agent === "" || node.label.includes(node.agent) ? "" : ` of ${node.agent}`;
  const part = share(String(weightOf(node.total, weight)), String(weightOf(root.total, weight)));
  return `${node.label}${times}${agent}: ${amountOf(node, weight) || "no calls"}, ${part} of ${weightNames[weight]}`;
}

/** What each weight is called. */
export const weightNames: Readonly<Record<Weight, string>> = {
  cost: "cost",
  input: "input tokens",
  cached: "cached tokens",
  output: "output tokens",
  time: "time",
};
