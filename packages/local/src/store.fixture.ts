import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LedgerTarget, migrate } from "@tokenledger/clickhouse";
import { startStore, type Store } from "./store.ts";

/** A directory of its own for a test; `remove` when it is done. */
export const scratchDirectory = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), "tokenledger-local-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** A real server with the ledger's schema. */
export const startLedgerStore = async (directory: string): Promise<Store> => {
  const store = await startStore({ directory });
  await migrate(store.target);
  return store;
};

export const ask = async <Row>({ client }: LedgerTarget, query: string): Promise<Row[]> =>
  (await client.query({ query, format: "JSONEachRow" })).json<Row>();

/** How many spans the landing table and the facts hold, by id. */
export const landed = async (target: LedgerTarget): Promise<{ spans: string[]; billed: string[]; rows: number }> => {
  const spans = await ask<{ id: string; copies: number }>(
    target,
    "SELECT SpanId AS id, toUInt32(count()) AS copies FROM otel_traces GROUP BY id ORDER BY id",
  );
  const billed = await ask<{ id: string }>(
    target,
    "SELECT lower(leftPad(hex(span_id), 16, '0')) AS id FROM llm_calls FINAL ORDER BY id",
  );
  return {
    spans: spans.map(({ id }) => id),
    billed: billed.map(({ id }) => id),
    rows: spans.reduce((sum, { copies }) => sum + copies, 0),
  };
};
