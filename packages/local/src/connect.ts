import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";

/** How a ledger's database is reached. */
export interface DatabaseAccess {
  /** `http://host:port` or `https://…`, without path or secrets. */
  url: string;
  username: string;
  password: string;
  database: string;
}

/** A client whose failures are thrown to callers, who know what they mean, and are not logged. */
export const connect = (access: DatabaseAccess, settings: { readonly?: "2" } = {}): ClickHouseClient =>
  createClient({
    ...access,
    request_timeout: 300_000,
    // The server closes an idle connection after 10 s; never reuse one that it may be closing.
    keep_alive: { enabled: true, idle_socket_ttl: 5_000 },
    // On a cluster, a missing shard is an error and never a smaller number.
    clickhouse_settings: { skip_unavailable_shards: 0, ...settings },
    log: { level: ClickHouseLogLevel.OFF },
  });
