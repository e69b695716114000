import { costOf, dollars, type PlantedCall, type PlantedPart } from "./planted-call.ts";

/** A row as a view answers it, all values as text: counts, names and exact amounts. */
export type Row = Readonly<Record<string, string>>;

/** Sums over what shares its labels. */
export class Sums {
  readonly #rows = new Map<string, { labels: Row; counts: Map<string, number>; costs: Map<string, bigint> }>();

  add(labels: Row, counts: Readonly<Record<string, number>>, costs: Readonly<Record<string, bigint>> = {}): void {
    const key = JSON.stringify(labels);
    const row = this.#rows.get(key) ?? { labels, counts: new Map(), costs: new Map() };
    this.#rows.set(key, row);
    for (const [name, count] of Object.entries(counts)) row.counts.set(name, (row.counts.get(name) ?? 0) + count);
    for (const [name, cost] of Object.entries(costs)) row.costs.set(name, (row.costs.get(name) ?? 0n) + cost);
  }

  rows(): Row[] {
    return [...this.#rows.values()].map(({ labels, counts, costs }) => ({
      ...labels,
      ...Object.fromEntries([...counts].map(([name, count]) => [name, String(count)])),
      ...Object.fromEntries([...costs].map(([name, cost]) => [name, dollars(cost)])),
    }));
  }
}

/** What each view has to answer about what was planted, by the view's name; columns left out are not compared. */
export const plantedRows: Readonly<Record<string, (calls: readonly PlantedCall[]) => Row[]>> = {
  cause_cost: plantedCauses,
};

function plantedCauses(calls: readonly PlantedCall[]): Row[] {
  const sums = new Sums();
  for (const call of calls) {
    const causes = new Set(call.parts.map(({ cause }) => cause));
    for (const cause of causes) {
      const holds = (part: PlantedPart): boolean => part.cause === cause;
      const tokens = call.parts.filter(holds).reduce((sum, { count }) => sum + count, 0);
      const { agent: agent_name, customer: customer_id, feature: feature_name } = call;
      const day = new Date(call.startedAt).toISOString().slice(0, 10);
      const labels = { day, agent_name, customer_id, feature_name, cause };
      sums.add(labels, { calls: 1, tokens }, { cost_usd: costOf(call, holds) });
    }
  }
  return sums.rows();
}
