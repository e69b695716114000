import type { ModelName } from "@tokenledger/clickhouse";

/** The catalogue's name for a model as it was reported: the exact spelling, else the longest prefix. */
export function modelNamed(names: readonly ModelName[], provider: string, reported: string): string | undefined {
  const name = reported.toLowerCase();
  const fitting = names
    .filter(
      (row) => row.provider === provider && (row.kind === "exact" ? row.name === name : name.startsWith(row.name)),
    )
    .sort((one, other) => other.name.length - one.name.length || (one.kind === "exact" ? -1 : 1));
  return fitting[0]?.model;
}
