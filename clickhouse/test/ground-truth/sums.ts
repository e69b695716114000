import { dollars } from "./planted-call.ts";

/** A row as a view answers it, all values as text: counts, names and exact amounts. */
export type Row = Readonly<Record<string, string>>;

/** Sums over what shares its labels: counts, and amounts in 10^-15 USD. */
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

/** Members by what they share. */
export function groupsOf<Member>(members: readonly Member[], keyOf: (member: Member) => string): Map<string, Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = keyOf(member);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [member]);
    else group.push(member);
  }
  return groups;
}

/** The value that a share of the others are below. */
export function quantile<Value extends number | bigint>(share: number, values: readonly Value[]): Value {
  const inOrder = values.toSorted((one, other) => (one < other ? -1 : Number(one > other)));
  const value = inOrder[Math.min(inOrder.length - 1, Math.floor(share * inOrder.length))];
  if (value === undefined) throw new Error("there is no quantile of nothing");
  return value;
}
