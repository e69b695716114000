import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
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
    http_agent: agentFor(access.url),
    keep_alive: { enabled: true, idle_socket_ttl: 0 },
    // On a cluster, a missing shard is an error and never a smaller number.
    clickhouse_settings: { skip_unavailable_shards: 0, ...settings },
    log: { level: ClickHouseLogLevel.OFF },
  });

/**
 * Keeps connections as Node does, and not as the client would: given up between its call and its request, a query makes the
 * client (1.23.1) forget a timer, which ends the connection seconds later, under the query that has it by then.
 */
const agentFor = (url: string): HttpAgent => {
  const Agent = url.startsWith("https:") ? HttpsAgent : HttpAgent;
  // The server closes an idle connection after 10 s; never reuse one that it may be closing.
  return new Agent({ keepAlive: true, timeout: 5_000, maxSockets: 10 });
};
