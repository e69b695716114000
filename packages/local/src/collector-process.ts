import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalFault } from "./fault.ts";
import { freePort } from "./occupancy.ts";
import { makePrivateDirectory } from "./private-files.ts";
import type { Endpoint } from "./receiver/receiver.ts";
import type { Store } from "./store.ts";

export interface CollectorOptions {
  /** A built distribution: `tokenledger-collector` and the configurations beside it. */
  distribution: string;
  /** Files of the distribution or anywhere, the later laid over the earlier; `config.yaml` alone by default. */
  configurations?: readonly string[];
  store: Pick<Store, "url" | "username" | "password" | "database">;
  /** Bearer token asked of every sender. */
  token: string;
  /** Where its queue lives; what is in it outlives the collector. Closed to other users of the machine. */
  directory: string;
  /** Of OTLP over HTTP; 0, the default, takes a free one. */
  port?: number;
  /** Variables of the configuration, such as `COLLECTOR_QUEUE_BYTES`. */
  settings?: Readonly<Record<string, string>>;
}

/** A running OpenTelemetry Collector of our own build. */
export interface CollectorProcess extends Endpoint {
  pid: number;
  /** OTLP over gRPC. */
  grpcUrl: string;
  /** Its own metrics, for Prometheus: what was received, sent, refused and is queued. */
  metricsUrl: string;
  /** Settles with its last words when it has ended, asked to or not. */
  exited: Promise<string>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

const startDeadlineMs = 30_000;
const stopDeadlineMs = 30_000;
const probeIntervalMs = 25;
const outputKept = 20_000;

/**
 * Starts a collector in front of a store, on loopback, and waits until it takes spans.
 *
 * @throws LocalFault `collector_missing`, `port_in_use`, or `collector_failed` with the collector's own words
 */
export const startCollector = async (options: CollectorOptions): Promise<CollectorProcess> => {
  const distribution = resolve(options.distribution);
  const binary = join(distribution, "tokenledger-collector");
  if (!existsSync(binary)) {
    throw new LocalFault(
      "collector_missing",
      `There is no collector in ${distribution}. Build it in the project's sources with: npm run collector:build`,
    );
  }
  makePrivateDirectory(options.directory);
  const [http, grpc, health, metrics] = [options.port || (await freePort()), ...(await freePorts(4))];
  const { url, username, password, database } = options.store;
  const configurations = options.configurations ?? ["config.yaml"];
  const child = spawn(
    binary,
    configurations.flatMap((file) => ["--config", resolve(distribution, file)]),
    {
      // Its own session: a Ctrl-C in the terminal reaches the parent alone, which stops things in order.
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      // Secrets go by the environment, which other users cannot read, and never by arguments, which they can.
      env: {
        CLICKHOUSE_URL: url,
        CLICKHOUSE_USER: username,
        CLICKHOUSE_PASSWORD: password,
        CLICKHOUSE_DATABASE: database,
        COLLECTOR_TOKEN: options.token,
        COLLECTOR_QUEUE_DIRECTORY: resolve(options.directory),
        COLLECTOR_HTTP: `127.0.0.1:${http}`,
        COLLECTOR_GRPC: `127.0.0.1:${grpc}`,
        COLLECTOR_HEALTH: `127.0.0.1:${health}`,
        COLLECTOR_RECEIVED_METRICS: `127.0.0.1:${await freePort()}`,
        COLLECTOR_OWN_METRICS_PORT: String(metrics),
        ...options.settings,
      },
    },
  );
  const exited = lastWords(child);
  await waitUntilReady(`http://127.0.0.1:${health}/`, exited, child, http);
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${http}`,
    port: http,
    grpcUrl: `http://127.0.0.1:${grpc}`,
    metricsUrl: `http://127.0.0.1:${metrics}/metrics`,
    exited,
    stop: () => end(child, exited, "SIGTERM"),
    kill: () => end(child, exited, "SIGKILL"),
  };
};

const freePorts = async (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, freePort));

/** Keeps the end of what the collector writes, and settles with it when the collector is gone. */
const lastWords = (child: ChildProcess): Promise<string> =>
  new Promise((settle) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text = (text + chunk).slice(-outputKept)));
    child.once("error", (error) => settle(String(error)));
    child.once("close", () => settle(text.trim()));
  });

const waitUntilReady = async (
  health: string,
  exited: Promise<string>,
  child: ChildProcess,
  port: number,
): Promise<void> => {
  const deadline = performance.now() + startDeadlineMs;
  const dead = exited.then((words) => ({ words }));
  const answer = async (): Promise<boolean> => (await fetch(health, { signal: AbortSignal.timeout(1_000) })).ok;
  for (;;) {
    const state = await Promise.race([dead, answer().catch(() => false)]);
    if (state === true) return;
    if (state !== false) throw explain(state.words, port);
    if (performance.now() > deadline) {
      child.kill("SIGKILL");
      throw explain(`not ready within ${startDeadlineMs} ms. ${await exited}`, port);
    }
    await Promise.race([dead, new Promise((settle) => setTimeout(settle, probeIntervalMs))]);
  }
};

const explain = (words: string, port: number): LocalFault => {
  if (/address already in use/.test(words)) {
    return new LocalFault("port_in_use", `Port ${port} is in use by another program; choose another one`);
  }
  const reason = /^Error: .*(?:\n(?!\s*$).*)*/m.exec(words)?.[0] ?? words.split("\n").slice(-5).join("\n");
  return new LocalFault("collector_failed", `The collector did not start: ${reason}`);
};

const end = async (child: ChildProcess, exited: Promise<string>, signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
  child.kill(signal);
  const deadline = setTimeout(() => child.kill("SIGKILL"), stopDeadlineMs);
  await exited;
  clearTimeout(deadline);
};
