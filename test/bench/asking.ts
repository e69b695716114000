import type { ClickHouseClient } from "@clickhouse/client";

/** What one asking of a query took. */
export interface Asking {
  readonly millis: number;
  readonly megabytes: number;
}

/** Asks, and reads the whole answer. */
export async function ask(
  client: ClickHouseClient,
  query: string,
  bound: Readonly<Record<string, unknown>> = {},
): Promise<Asking> {
  const started = performance.now();
  const answer = await client.query({
    query,
    query_params: bound,
    format: "JSONCompactEachRow",
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await answer.text();
  const millis = performance.now() - started;
  const summary = JSON.parse(String(answer.response_headers["x-clickhouse-summary"] ?? "{}")) as Record<string, string>;
  return { millis, megabytes: Number(summary["memory_usage"] ?? Number.NaN) / 2 ** 20 };
}
