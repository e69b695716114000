import { type LedgerTarget, selectTable } from "./ledger-target.ts";
import { readableQuery, viewQuery } from "./views.ts";

/** What a saved view answers, with its columns, so that an empty answer has a shape as well. */
export interface ViewAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** 64-bit integers and decimals are strings, so that none loses a digit. */
  readonly rows: readonly (readonly unknown[])[];
  /** The query as a person would write it. */
  readonly sql: string;
  /** That the database took. */
  readonly elapsedNanoseconds: number;
}

/**
 * Asks a saved view with parameters as {@link queryView} takes them.
 *
 * @param signal Ends the query in the database as well.
 * @throws LedgerError `unknown_view`, `missing_parameter`, `shard_unavailable`
 */
export async function answerView(
  target: LedgerTarget,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ViewAnswer> {
  const { query, bound } = viewQuery(target, name, parameters);
  const { meta = [], data, statistics } = await selectTable(target, query, bound, signal);
  return {
    columns: meta,
    rows: data,
    sql: readableQuery(name, bound),
    elapsedNanoseconds: Math.round((statistics?.elapsed ?? 0) * 1e9),
  };
}
