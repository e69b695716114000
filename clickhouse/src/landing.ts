import type { LedgerTarget } from "./ledger-target.ts";

/** A row of `otel_traces` in the JSONEachRow shape of ClickHouse: what the exporter's collector writes. */
export interface LandingRow {
  /**
   * Start, UTC: seconds with up to nine decimals (`1763777000.123456789`), or ISO 8601 with a zone. Before 2262,
   * which is where ClickHouse's nanoseconds end.
   */
  readonly Timestamp: string;
  /** 32 and 16 lower-case hexadecimal digits; no parent: empty. */
  readonly TraceId: string;
  readonly SpanId: string;
  readonly ParentSpanId: string;
  readonly TraceState: string;
  readonly SpanName: string;
  readonly SpanKind: string;
  readonly ServiceName: string;
  readonly ResourceAttributes: Readonly<Record<string, string>>;
  readonly ScopeName: string;
  readonly ScopeVersion: string;
  readonly SpanAttributes: Readonly<Record<string, string>>;
  /** Nanoseconds. */
  readonly Duration: string | number;
  /** `Unset`, `Ok` or `Error`. */
  readonly StatusCode: string;
  readonly StatusMessage: string;
  readonly "Events.Timestamp": readonly string[];
  readonly "Events.Name": readonly string[];
  readonly "Events.Attributes": readonly Readonly<Record<string, string>>[];
  readonly "Links.TraceId": readonly string[];
  readonly "Links.SpanId": readonly string[];
  readonly "Links.TraceState": readonly string[];
  readonly "Links.Attributes": readonly Readonly<Record<string, string>>[];
}

export interface LandingOptions {
  /**
   * Names the batch: a retry under the same name writes nothing new. An optimisation; what keeps the
   * ledger right under any redelivery is that facts are read through `FINAL`.
   */
  readonly deduplicationToken?: string;
}

/**
 * Writes spans to the landing table, and through its materialized views to the facts, and returns when
 * they are committed. After a failure the whole batch may be sent again.
 *
 * One insert per day: an insert is atomic, and its token valid, only within a partition.
 */
export async function landSpans(
  { client, database }: LedgerTarget,
  rows: readonly LandingRow[],
  { deduplicationToken }: LandingOptions = {},
): Promise<void> {
  for (const [day, values] of Map.groupBy(rows.map(inSeconds), dayOf)) {
    await client.insert({
      table: `${database}.otel_traces`,
      values,
      format: "JSONEachRow",
      clickhouse_settings: {
        async_insert: 0,
        // On a cluster: committed by every shard, not queued on this node.
        distributed_foreground_insert: 1,
        // `best_effort` would read a decimal of few digits as a date.
        date_time_input_format: "basic",
        // A retry after a crash between landing and facts must still reach the facts.
        deduplicate_blocks_in_dependent_materialized_views: 1,
        ...(deduplicationToken !== undefined && { insert_deduplication_token: `${deduplicationToken}:${day}` }),
      },
    });
  }
}

const decimal = /^-?\d+(?:\.\d+)?$/;

/** The row with its time as ClickHouse reads it under any setting of zone and format. */
function inSeconds(row: LandingRow): LandingRow {
  if (decimal.test(row.Timestamp)) return row;
  const fraction = /\.(\d{1,9})/.exec(row.Timestamp)?.[1] ?? "0";
  return { ...row, Timestamp: `${Math.floor(Date.parse(row.Timestamp) / 1000)}.${fraction}` };
}

const dayOf = ({ Timestamp }: LandingRow): number => Math.floor(Number(Timestamp) / 86_400);
