import type { LedgerTarget } from "@tokenledger/clickhouse";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closeServer, listenOnLoopback, loopbackUrl } from "../loopback-server.ts";
import { MalformedInput } from "../otlp/malformed.ts";
import { createAdmission } from "./admission.ts";
import { answerAccepted, answerError } from "./answers.ts";
import { createIntake, type Intake } from "./intake.ts";
import { PassingFault } from "./passing-fault.ts";
import { Refusal } from "./refusal.ts";
import { type BodyReader, createBodyReader, formatOf } from "./request-body.ts";
import { logSignal, spanSignal } from "./signals.ts";
import { newStatistics, type ReceiverStatistics } from "./statistics.ts";

export interface ReceiverOptions {
  target: LedgerTarget;
  /** A loopback address; `127.0.0.1` by default. Nothing else is served without TLS. */
  host?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Bearer token asked of every request. */
  token: string;
  /** Called after spans were committed. */
  onStored?: () => void;
}

/** Something that takes spans over OTLP/HTTP. */
export interface Endpoint {
  url: string;
  port: number;
  /** Takes no more, finishes what was taken, and closes. May be called again. */
  stop(): Promise<void>;
}

/** An OTLP/HTTP receiver that writes the landing table. */
export interface Receiver extends Endpoint {
  /** Counts since the start; a copy. */
  statistics(): ReceiverStatistics;
}

/**
 * Starts an OTLP/HTTP receiver: `/v1/traces` and `/v1/logs` in protobuf and JSON, packed or not.
 *
 * A request is answered with success only after its records are committed, with 429 or 503 and
 * `Retry-After` when they may be later, and never with 500, on which senders drop what they have.
 * Of log records, those that report a call, a tool or an agent are kept, as the spans they stand for.
 * Metrics are taken and dropped, and counted: a 404 would make SDKs that send all three complain for ever.
 *
 * @throws LocalFault `not_loopback`, `port_in_use`
 */
export const startReceiver = async (options: ReceiverOptions): Promise<Receiver> => {
  const host = options.host ?? "127.0.0.1";
  const statistics = newStatistics();
  const onStored = options.onStored ?? (() => {});
  const intakes = {
    traces: createIntake(options.target, spanSignal, statistics, onStored),
    logs: createIntake(options.target, logSignal, statistics.logs, onStored),
  };
  const bodies = createBodyReader();
  let port = 0;
  const admit = createAdmission(options.token, () => port);
  const server = createServer({ maxHeaderSize: 16_384, requireHostHeader: true }, (request, response) => {
    serve({ admit, bodies, intakes, statistics }, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  port = await listenOnLoopback(server, host, options.port ?? 0);
  return {
    url: loopbackUrl(host, port),
    port,
    statistics: () => structuredClone(statistics),
    stop: () => closeServer(server, () => Promise.all([intakes.traces.drain(), intakes.logs.drain()])),
  };
};

interface Service {
  admit(request: IncomingMessage): void;
  bodies: BodyReader;
  intakes: Readonly<Record<"traces" | "logs", Intake>>;
  statistics: ReceiverStatistics;
}

const serve = async (service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const format = formatOf(request) ?? "json";
  try {
    service.admit(request);
    await route(service, request, response);
  } catch (error) {
    const { status, message, headers } = describe(error);
    service.statistics.refused[status] = (service.statistics.refused[status] ?? 0) + 1;
    // What is left of the body is not read, so the connection cannot be used again.
    const close = request.complete ? {} : { Connection: "close" };
    answerError(response, status, message, format, { ...headers, ...close });
    request.resume();
  }
};

const route = async (service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = request.url?.split("?", 1)[0];
  const signal = /^\/v1\/(traces|metrics|logs)$/.exec(path ?? "")?.[1];
  if (signal === undefined) throw new Refusal(404, "nothing is served here; spans go to /v1/traces, logs to /v1/logs");
  if (request.method !== "POST") throw new Refusal(405, "use POST", { Allow: "POST" });
  const format = formatOf(request);
  if (format === undefined) throw new Refusal(415, "Content-Type must be application/x-protobuf or application/json");
  const { body, release } = await service.bodies.read(request);
  try {
    if (signal === "traces") {
      answerAccepted(response, format, "rejectedSpans", await service.intakes.traces.take(body, format));
    } else if (signal === "logs") {
      answerAccepted(response, format, "rejectedLogRecords", await service.intakes.logs.take(body, format));
    } else {
      service.statistics.discarded.metrics += 1;
      answerAccepted(response, format, "rejectedDataPoints");
    }
  } finally {
    release();
  }
};

const describe = (error: unknown): { status: number; message: string; headers: Readonly<Record<string, string>> } => {
  if (error instanceof Refusal) return error;
  if (error instanceof MalformedInput) return { status: 400, message: error.message, headers: {} };
  const fault = error instanceof PassingFault ? error : new PassingFault(503, "an unexpected fault; try again");
  return { status: fault.status, message: fault.message, headers: { "Retry-After": String(fault.retryAfterSeconds) } };
};
