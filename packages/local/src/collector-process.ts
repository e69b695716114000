import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalFault } from "./fault.ts";
import { freePort, startOnFreePorts } from "./occupancy.ts";
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
  /** Those of a collector that ended, so that its senders find this one. */
  ports?: CollectorPorts;
  /** Variables of the configuration, such as `COLLECTOR_QUEUE_BYTES`. */
  settings?: Readonly<Record<string, string>>;
}

/** Where a collector listens on loopback. */
interface CollectorPorts {
  /** OTLP over HTTP, OTLP over gRPC. */
  http: number;
  grpc: number;
  health: number;
  /** Its own metrics, and those that it received or made. */
  ownMetrics: number;
  receivedMetrics: number;
}

/** A running OpenTelemetry Collector of our own build. It ends with the process that started it. */
export interface CollectorProcess extends Endpoint {
  pid: number;
  /** OTLP over gRPC. */
  grpcUrl: string;
  /** Its own metrics, for Prometheus: what was received, sent, refused and is queued. */
  metricsUrl: string;
  /** Metrics that it received, and those of tokens that it made, for Prometheus; asks for the token. */
  receivedMetricsUrl: string;
  ports: CollectorPorts;
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
  return options.ports
    ? startOn(options.ports, binary, options)
    : startOnFreePorts(async () => startOn(await choosePorts(options.port), binary, options));
};

const startOn = async (ports: CollectorPorts, binary: string, options: CollectorOptions): Promise<CollectorProcess> => {
  const configurations = options.configurations ?? ["config.yaml"];
  const child = launch(
    [binary, ...configurations.flatMap((file) => ["--config", resolve(options.distribution, file)])],
    environment(options, ports),
  );
  const collectorPid = new Promise<number>((settle) => child.once("message", (pid) => settle(Number(pid))));
  const exited = lastWords(child);
  await waitUntilReady(`http://127.0.0.1:${ports.health}/`, exited, child);
  return {
    pid: await collectorPid,
    url: `http://127.0.0.1:${ports.http}`,
    port: ports.http,
    grpcUrl: `http://127.0.0.1:${ports.grpc}`,
    metricsUrl: `http://127.0.0.1:${ports.ownMetrics}/metrics`,
    receivedMetricsUrl: `http://127.0.0.1:${ports.receivedMetrics}/metrics`,
    ports,
    exited,
    stop: () => end(child, exited, "SIGTERM"),
    kill: () => end(child, exited, "SIGKILL"),
  };
};

/** Starts a collector by way of its keeper: from sources beside this file, or from the build beside it. */
const launch = (command: readonly string[], env: NodeJS.ProcessEnv): ChildProcess => {
  const here = fileURLToPath(import.meta.url);
  return spawn(process.execPath, [join(dirname(here), `keeper${extname(here)}`), ...command], {
    // Its own session: a Ctrl-C in the terminal reaches the parent alone, which stops things in order.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env,
  });
};

/** Secrets go by the environment, which other users cannot read, and never by arguments, which they can. */
const environment = (options: CollectorOptions, ports: CollectorPorts): Record<string, string> => ({
  CLICKHOUSE_URL: options.store.url,
  CLICKHOUSE_USER: options.store.username,
  CLICKHOUSE_PASSWORD: options.store.password,
  CLICKHOUSE_DATABASE: options.store.database,
  COLLECTOR_TOKEN: options.token,
  // Four fifths of the collector's own limit: Go then collects before the collector has to refuse.
  GOMEMLIMIT: "410MiB",
  COLLECTOR_QUEUE_DIRECTORY: resolve(options.directory),
  COLLECTOR_HTTP: `127.0.0.1:${ports.http}`,
  COLLECTOR_GRPC: `127.0.0.1:${ports.grpc}`,
  COLLECTOR_HEALTH: `127.0.0.1:${ports.health}`,
  COLLECTOR_RECEIVED_METRICS: `127.0.0.1:${ports.receivedMetrics}`,
  COLLECTOR_OWN_METRICS_PORT: String(ports.ownMetrics),
  ...options.settings,
});

const choosePorts = async (port = 0): Promise<CollectorPorts> => ({
  http: port === 0 ? await freePort() : port,
  grpc: await freePort(),
  health: await freePort(),
  ownMetrics: await freePort(),
  receivedMetrics: await freePort(),
});

/** Keeps the end of what the collector writes, and settles with it when the collector is gone. */
const lastWords = (child: ChildProcess): Promise<string> =>
  new Promise((settle) => {
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text = (text + chunk).slice(-outputKept)));
    child.once("error", (error) => settle(String(error)));
    child.once("close", () => settle(text.trim()));
  });

const waitUntilReady = async (health: string, exited: Promise<string>, child: ChildProcess): Promise<void> => {
  const deadline = performance.now() + startDeadlineMs;
  const dead = exited.then((words) => ({ words }));
  const answer = async (): Promise<boolean> => (await fetch(health, { signal: AbortSignal.timeout(1_000) })).ok;
  for (;;) {
    const state = await Promise.race([dead, answer().catch(() => false)]);
    if (state === true) return;
    if (state !== false) throw explain(state.words);
    if (performance.now() > deadline) {
      await end(child, exited, "SIGKILL");
      throw explain(`not ready within ${startDeadlineMs} ms. ${await exited}`);
    }
    await Promise.race([dead, new Promise((settle) => setTimeout(settle, probeIntervalMs))]);
  }
};

const explain = (words: string): LocalFault => {
  const port = /listen tcp \S*:(\d+): bind: address already in use/.exec(words)?.[1];
  if (port !== undefined) {
    return new LocalFault("port_in_use", `Port ${port} is in use by another program; choose another one`);
  }
  const reason = /^Error: .*(?:\n(?!\s*$).*)*/m.exec(words)?.[0] ?? words.split("\n").slice(-5).join("\n");
  return new LocalFault("collector_failed", `The collector did not start: ${reason}`);
};

/** Politely by way of the keeper, or both of them at once: a detached process leads a group of its own. */
const end = async (child: ChildProcess, exited: Promise<string>, signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, "SIGKILL");
    }
  };
  if (signal === "SIGKILL") kill();
  else child.kill(signal);
  const deadline = setTimeout(kill, stopDeadlineMs);
  await exited;
  clearTimeout(deadline);
};
