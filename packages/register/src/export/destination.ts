import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, type Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { join } from "node:path";
import { getStringFromEnv } from "@opentelemetry/core";
import { convertLegacyHttpOptions } from "@opentelemetry/otlp-exporter-base/node-http";
import { localSpool } from "@tokenledger/core";

/** Where spans go, and what the way there needs. */
export interface Destination {
  /** Names the spool of this destination: what was held for one is never sent to another. */
  readonly key: string;
  readonly url: string;
  readonly format: "json" | "protobuf";
  readonly compression: "gzip" | "none";
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMillis: number;
  /** True for the receiver of `tokenledger up`, which comes and goes and changes its token. */
  readonly local: boolean;
  headers(): Promise<Record<string, string>>;
  agent(): Promise<HttpAgent | HttpsAgent>;
}

const keepAlive = new Agent({ keepAlive: true });

/**
 * The destination of spans: what `OTEL_EXPORTER_OTLP_*` names, else the local receiver that
 * `tokenledger up` wrote into the connection file, else OTLP's default on loopback. Asked again for
 * every request, because the local receiver may start later than the application.
 */
export const findDestination = (home: string): Destination => {
  const named =
    getStringFromEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? getStringFromEnv("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (named !== undefined) return destinationFromEnvironment(false);
  const connection = readConnection(home);
  return connection === undefined ? destinationFromEnvironment(true) : localDestination(connection);
};

/** Whether the environment asks for a protocol that needs more than HTTP. */
export const unsupportedProtocol = (): string | undefined => {
  const protocol = protocolFromEnvironment();
  return protocol === "http/protobuf" || protocol === "http/json" ? undefined : protocol;
};

const protocolFromEnvironment = (): string =>
  getStringFromEnv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ??
  getStringFromEnv("OTEL_EXPORTER_OTLP_PROTOCOL") ??
  "http/protobuf";

const destinationFromEnvironment = (local: boolean): Destination => {
  const options = convertLegacyHttpOptions({}, "TRACES", "v1/traces", {});
  return {
    key: local ? localSpool : createHash("sha256").update(options.url).digest("hex").slice(0, 16),
    url: options.url,
    format: protocolFromEnvironment() === "http/json" ? "json" : "protobuf",
    compression: options.compression,
    timeoutMillis: options.timeoutMillis,
    local,
    headers: options.headers,
    agent: async () => options.agentFactory(new URL(options.url).protocol),
  };
};

interface Connection {
  readonly url: string;
  readonly token: string;
}

/** Headers that the environment sets are meant for its endpoint; this one gets the token alone. */
const localDestination = ({ url, token }: Connection): Destination => ({
  key: localSpool,
  url: new URL("v1/traces", url.endsWith("/") ? url : `${url}/`).href,
  format: "protobuf",
  compression: "none",
  timeoutMillis: 10_000,
  local: true,
  headers: async () => ({ authorization: `Bearer ${token}` }),
  agent: async () => keepAlive,
});

/** The local receiver, where `tokenledger up` has run; a torn or foreign file counts as none. */
const readConnection = (home: string): Connection | undefined => {
  try {
    const file: { receiver?: Partial<Connection> } = JSON.parse(readFileSync(join(home, "connection.json"), "utf8"));
    const { url, token } = file.receiver ?? {};
    return typeof url === "string" && URL.canParse(url) && typeof token === "string" ? { url, token } : undefined;
  } catch {
    return undefined;
  }
};
