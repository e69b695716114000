import { text } from "node:stream/consumers";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { LocalFault } from "./fault.ts";

/** As the server prints a call of one of these in a syntax tree; a literal's own line begins otherwise. */
const outsideCall = /^(?:\W*explain\W*)?\W*Function (file|catboostEvaluate|ai[A-Z]\w*|AI[A-Z]\w*) /m;

/**
 * Refuses a query that calls a function which reads files or reaches the network.
 *
 * The reader's grants refuse table functions, but the embedded engine lets its scalar `file('/any/path')`
 * through to everyone. The server's own parser decides what is a call, so no spelling escapes it. To be
 * asked before any query that a person, a program or a page wrote.
 *
 * @throws LocalFault `not_allowed`; ClickHouseError for a query that cannot be parsed
 */
export const refuseOutsideFunctions = async ({ client }: LedgerTarget, query: string): Promise<void> => {
  const { stream } = await client.exec({ query: `EXPLAIN AST ${query}` });
  const name = outsideCall.exec(await text(stream))?.[1];
  if (name === undefined) return;
  throw new LocalFault("not_allowed", `${name}() is not allowed: queries read the ledger, not files or the network`);
};
