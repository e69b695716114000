import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStore, type Store } from "@tokenledger/local";
import { type LandingRow, type LedgerTarget, migrate, publishPrices } from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { jobs } from "../src/settlement.ts";
import { catalogue } from "./catalogue.ts";

/** A migrated ledger with the prices of `catalogue.ts`, on a server of its own. */
export interface TestLedger {
  readonly target: LedgerTarget;
  readonly store: Store;
  /** Version under which the prices are published. */
  readonly priceVersion: number;
  /** Removes all spans, facts, revenue and budgets; what calls are priced with stays. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const tablesOfSpans = [
  "otel_traces",
  "llm_calls",
  "call_prompts",
  "call_causes",
  "prompt_ends",
  "agent_runs",
  "tool_calls",
  "spans",
  "call_reports",
  "trace_days",
  "agent_days",
  "revenue",
  "budgets",
  "price_books",
];

export async function startTestLedger(): Promise<TestLedger> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-sql-"));
  const store = await startStore({ directory });
  const target = { client: store.client, database: "ledger" };
  await migrate(target);
  // Jobs by the clock would write into the next test: tests settle by hand.
  for (const job of jobs) await store.client.command({ query: `SYSTEM STOP VIEW ledger.${job}` });
  const { version } = await publishPrices(target, catalogue);
  return {
    target,
    store,
    priceVersion: version,
    async clear() {
      for (const table of tablesOfSpans) await store.client.command({ query: `TRUNCATE TABLE ledger.${table}` });
    },
    async stop() {
      await store.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Rows of `llm_calls` as the views read them, in order of span. */
export async function calls(target: LedgerTarget, columns: string): Promise<Record<string, unknown>[]> {
  return selectRows(target, `SELECT ${columns} FROM ${target.database}.llm_calls FINAL ORDER BY trace_id, span_id`);
}

const hexadecimal = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** A delivered span: number of trace and span, attributes, and what else differs from a completed call. */
export function span(
  id: { trace?: number; span: number; parent?: number },
  attributes: Readonly<Record<string, string>>,
  rest: Partial<LandingRow> = {},
): LandingRow {
  return {
    Timestamp: `${1_780_000_000 + id.span}.000000000`,
    TraceId: hexadecimal(id.trace ?? 1, 32),
    SpanId: hexadecimal(id.span, 16),
    ParentSpanId: id.parent === undefined ? "" : hexadecimal(id.parent, 16),
    TraceState: "",
    SpanName: "chat",
    SpanKind: "Client",
    ServiceName: "test",
    ResourceAttributes: {},
    ScopeName: "@tokenledger/instrumentation-anthropic",
    ScopeVersion: "0.1.0",
    SpanAttributes: attributes,
    Duration: "1000000",
    StatusCode: "Unset",
    StatusMessage: "",
    "Events.Timestamp": [],
    "Events.Name": [],
    "Events.Attributes": [],
    "Links.TraceId": [],
    "Links.SpanId": [],
    "Links.TraceState": [],
    "Links.Attributes": [],
    ...rest,
  };
}

/** Attributes of a call to claude-opus-4-6 with these counts. */
export function opusCall(
  usage: Readonly<Record<string, number>>,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-opus-4-6",
    "tokenledger.usage.source": "reported",
    ...Object.fromEntries(Object.entries(usage).map(([name, count]) => [usageName(name), String(count)])),
    ...more,
  };
}

const usageName = (name: string): string =>
  /^cache_write\.\d/.test(name) ? `tokenledger.usage.${name}` : `gen_ai.usage.${name}`;
