import { compareUsd, sumUsd } from "../data/money.ts";

/** One amount of a name at a time. */
export interface Point {
  /** Seconds since 1970. */
  readonly time: number;
  readonly name: string;
  /** Exact decimal string of USD. */
  readonly amount: string;
}

/** Amounts over time, one list for each name. */
export interface Series {
  readonly times: readonly number[];
  readonly series: readonly { readonly name: string; readonly points: readonly string[] }[];
}

/** Points as series over all times that any has, dearest name first; a name has nothing where it has no point. */
export function seriesOf(points: readonly Point[]): Series {
  const times = [...new Set(points.map(({ time }) => time))].toSorted((one, other) => one - other);
  const byName = [...Map.groupBy(points, ({ name }) => name)].map(([name, own]) => {
    const amounts = new Map(own.map(({ time, amount }) => [time, amount]));
    return {
      name,
      points: times.map((time) => amounts.get(time) ?? "0"),
      total: sumUsd(own.map(({ amount }) => amount)),
    };
  });
  return { times, series: byName.toSorted((one, other) => compareUsd(other.total, one.total)) };
}
