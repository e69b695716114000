import type { TracerProvider as ApiTracerProvider } from "@opentelemetry/api";
import { ConsoleSpanExporter, SimpleSpanProcessor, TracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace";
import { diag, processState, settings, TokenledgerSpanProcessor } from "@tokenledger/core";
import { findDestination, unsupportedProtocol } from "./export/destination.ts";
import {
  exportersFromEnvironment,
  limitsFromEnvironment,
  queueLimitsFromEnvironment,
  resourceFromEnvironment,
  samplerFromEnvironment,
} from "./export/environment.ts";
import { finishOnExit } from "./export/exit.ts";
import { Holding } from "./export/holding.ts";
import { Losses } from "./export/losses.ts";
import { firstRetryMillis, longestRetryMillis, SpanQueue } from "./export/span-queue.ts";

/**
 * Builds our own provider: the engine's stamps, then the way to the ledger. `undefined` where
 * `OTEL_TRACES_EXPORTER` leaves nothing to do. Metrics and logs are never set up.
 *
 * Loaded by `require` when the application loads the first SDK that we instrument, so that programs
 * without one, which `NODE_OPTIONS` may bring under the hook by the dozen, do not pay for it.
 */
export const buildProvider = (): ApiTracerProvider | undefined => {
  const exporters = exportersFromEnvironment();
  if (exporters.size === 0) return undefined;
  const sampler = samplerFromEnvironment();
  return new TracerProvider({
    resource: resourceFromEnvironment(),
    spanLimits: limitsFromEnvironment(),
    spanProcessors: [new TokenledgerSpanProcessor(), ...[...exporters].map((name) => processors[name]())],
    ...(sampler === undefined ? {} : { sampler }),
  });
};

/** Sends in the background what earlier processes had to hold, again and again where the receiver says later. */
export const sendHeldSpans = (): void => {
  if (!exportersFromEnvironment().has("otlp")) return;
  const { home } = settings();
  const holding = new Holding(home, losses(home));
  const send = async (retryMillis: number): Promise<void> => {
    if (await holding.drain(findDestination(home))) return;
    setTimeout(() => void send(Math.min(2 * retryMillis, longestRetryMillis)), retryMillis).unref();
  };
  void send(firstRetryMillis);
};

const losses = (home: string): Losses => new Losses(home, processState().processId);

const processors: Readonly<Record<"otlp" | "console", () => SpanProcessor>> = {
  console: () => new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() }),
  otlp: () => {
    const protocol = unsupportedProtocol();
    if (protocol !== undefined) {
      diag.error(
        `tokenledger: OTLP protocol "${protocol}" is not supported, http/protobuf is used: name an HTTP endpoint, usually on port 4318`,
      );
    }
    const { home } = settings();
    const limits = queueLimitsFromEnvironment();
    const queue = new SpanQueue(home, limits, new Holding(home, losses(home)));
    finishOnExit(queue, limits.exitMillis);
    return queue;
  },
};
