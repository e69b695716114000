import { type Amount, compareUsd, sumUsd } from "./money.ts";

/** One amount of a name at a time. */
export interface NamedAmount {
  /** Seconds since 1970. */
  readonly time: number;
  readonly name: string;
  readonly amount: string;
}

export interface NamedSeries {
  readonly name: string;
  readonly points: readonly Amount[];
  readonly total: string;
}

/** Series by name, largest first; what is beyond `most` is summed under `rest`, so nothing is left out. */
export function namedSeries(
  amounts: readonly NamedAmount[],
  most: number,
  rest: (names: number) => string,
): { readonly times: readonly number[]; readonly series: readonly NamedSeries[] } {
  const times = [...new Set(amounts.map(({ time }) => time))].toSorted((one, other) => one - other);
  const names = [...Map.groupBy(amounts, ({ name }) => name)]
    .map(([name, own]) => ({ name, own, total: sumUsd(own.map(({ amount }) => amount)) }))
    .toSorted((one, other) => compareUsd(other.total, one.total));
  const beyond = names.length > most + 1 ? names.slice(most) : [];
  const shown = names.slice(0, names.length - beyond.length);
  const series = shown.map(({ name, own, total }) => ({ name, total, points: pointsOf(own, times) }));
  if (beyond.length === 0) return { times, series };
  const own = beyond.flatMap((one) => one.own);
  const total = sumUsd(own.map(({ amount }) => amount));
  return { times, series: [...series, { name: rest(beyond.length), total, points: pointsOf(own, times) }] };
}

function pointsOf(amounts: readonly NamedAmount[], times: readonly number[]): string[] {
  const at = Map.groupBy(amounts, ({ time }) => time);
  return times.map((time) => sumUsd((at.get(time) ?? []).map(({ amount }) => amount)));
}
