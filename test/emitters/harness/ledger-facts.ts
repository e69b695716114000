import type { LandingRow, LedgerTarget } from "@tokenledger/clickhouse";
import type { CallFacts } from "./expected.ts";

/** What the ledger made of the spans of some traces. */
export interface LedgerFacts {
  /** Billed calls, in order of start. */
  readonly calls: readonly (CallFacts & {
    /** Exact decimal; `null`: not known. */
    readonly cost: string | null;
    readonly caller: string;
  })[];
  readonly agents: readonly string[];
  readonly tools: readonly string[];
}

const writes = ["cache_write_tokens", "cache_write_5m_tokens", "cache_write_30m_tokens", "cache_write_1h_tokens"];
const anyWrite = `if(coalesce(${writes.join(", ")}) IS NULL, NULL, ${writes.map((column) => `ifNull(${column}, 0)`).join(" + ")})`;

const queries = {
  calls: `SELECT provider, model, nullIf(response_id, '') AS responseId, input_tokens AS input,
      cache_read_tokens AS cacheRead, ${anyWrite} AS cacheWrite, cache_write_5m_tokens AS cacheWrite5m,
      cache_write_1h_tokens AS cacheWrite1h, output_tokens AS output, reasoning_tokens AS reasoning,
      if(usage_source = 'reported', usage_split, usage_source) AS usage,
      toString(cost_usd) AS cost, arrayStringConcat(agent_path, ' > ') AS caller
    FROM llm_calls FINAL WHERE billed_by = 0 AND`,
  agents: "SELECT arrayStringConcat(agent_path, ' > ') AS name FROM agent_runs FINAL WHERE",
  tools: "SELECT tool_name AS name FROM tool_calls FINAL WHERE",
};

/** What a settled ledger says of the traces that these spans are in. */
export async function ledgerFacts(target: LedgerTarget, spans: readonly LandingRow[]): Promise<LedgerFacts> {
  const traces = [...new Set(spans.map(({ TraceId }) => TraceId))];
  const read = async <Row>(query: string): Promise<Row[]> => {
    const result = await target.client.query({
      query: `${query} trace_id IN (SELECT toUUID(arrayJoin({traces:Array(String)}))) ORDER BY started_at, span_id`,
      query_params: { traces },
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, database: target.database },
    });
    return result.json<Row>();
  };
  const [calls, agents, tools] = await Promise.all([
    read<LedgerFacts["calls"][number]>(queries.calls),
    read<{ name: string }>(queries.agents),
    read<{ name: string }>(queries.tools),
  ]);
  return { calls, agents: agents.map(({ name }) => name), tools: tools.map(({ name }) => name) };
}

/** The landed spans of the traces that begin after `seen` was read, in order of start. */
export async function landedSpans(target: LedgerTarget, seen: ReadonlySet<string>): Promise<LandingRow[]> {
  const result = await target.client.query({
    query: `SELECT * REPLACE (toString(toUnixTimestamp64Nano(Timestamp)) AS Timestamp) FROM otel_traces ORDER BY otel_traces.Timestamp, SpanId`,
    format: "JSONEachRow",
    clickhouse_settings: { database: target.database },
  });
  const rows = await result.json<LandingRow>();
  return rows
    .filter(({ TraceId }) => !seen.has(TraceId))
    .map((row) => ({ ...row, Timestamp: row.Timestamp.replace(/(\d{9})$/, ".$1") }));
}
