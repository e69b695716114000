import { costOf, dollars, isInput, type PlantedCall, tokensOf } from "./planted-call.ts";
import { groupsOf, quantile, type Row, Sums } from "./sums.ts";

type Planted = (calls: readonly PlantedCall[]) => Row[];

/** Calls and exact amounts by what calls are labelled with. */
const costsBy =
  (labelsOf: (call: PlantedCall) => Row): Planted =>
  (calls) => {
    const sums = new Sums();
    for (const call of calls) {
      const counts = { calls: 1, input_tokens: tokensOf(call, isInput), output_tokens: outputOf(call) };
      sums.add(labelsOf(call), counts, { cost_usd: costOf(call) });
    }
    return sums.rows();
  };

const outputOf = (call: PlantedCall): number => tokensOf(call, (part) => !isInput(part));

export const plantedCustomers: Planted = costsBy(({ customer, feature }) => ({
  customer_id: customer,
  feature_name: feature,
}));
export const plantedFeatures: Planted = costsBy(({ feature }) => ({ feature_name: feature }));
export const plantedConversations: Planted = costsBy(({ customer, conversation }) => ({
  customer_id: customer,
  conversation_id: conversation,
}));

/** What every place in the tree of agents cost by itself, and with all below it. */
export function plantedPaths(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    for (const depth of call.path.keys()) {
      const isOwn = depth === call.path.length - 1;
      sums.add(
        { agent_path: String(call.path.slice(0, depth + 1)) },
        { self_calls: Number(isOwn), inclusive_calls: 1 },
        { self_cost_usd: isOwn ? costOf(call) : 0n, inclusive_cost_usd: costOf(call) },
      );
    }
  }
  return sums.rows();
}

/** What the tasks of each feature cost, and half, nine in ten and all but one in a hundred of them at most. */
export function plantedTasks(calls: readonly PlantedCall[]): Row[] {
  return [...groupsOf(calls, ({ feature }) => feature)].map(([feature_name, ofFeature]) => {
    const tasks = [...groupsOf(ofFeature, ({ task }) => task).values()];
    const costs = tasks.map((task) => task.reduce((sum, call) => sum + costOf(call), 0n));
    const tokens = tasks.map((task) => task.reduce((sum, call) => sum + tokensOf(call), 0));
    return {
      feature_name,
      outcome: "",
      tasks: String(tasks.length),
      calls: String(ofFeature.length),
      cost_usd: dollars(costs.reduce((sum, cost) => sum + cost, 0n)),
      p50_tokens: String(quantile(0.5, tokens)),
      p90_tokens: String(quantile(0.9, tokens)),
      p50_cost_usd: dollars(quantile(0.5, costs)),
      p90_cost_usd: dollars(quantile(0.9, costs)),
      p99_cost_usd: dollars(quantile(0.99, costs)),
    };
  });
}
