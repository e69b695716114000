import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { TokenledgerSpanProcessor } from "@tokenledger/core";
import { installFloor } from "./floor.ts";
import { scenarios } from "./scenarios.ts";

/**
 * A process that makes calls of one scenario, bare, under the floor or under ours. The parent sends
 * `{ calls, heap }` and gets what they cost it: CPU time (user and system) and heap kept.
 */
const [, , contestant = "", scenarioName = ""] = process.argv;
const scenario = scenarios[scenarioName];
if (!scenario) throw new Error(`no scenario "${scenarioName}"`);

if (contestant !== "bare") {
  const exporter = {
    export: (_: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: () => Promise.resolve(),
  };
  const batches = new BatchSpanProcessor({ exporter, maxQueueSize: 100_000 } as never);
  const ours = contestant === "tokenledger" ? [new TokenledgerSpanProcessor()] : [];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [...ours, batches] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
if (contestant === "floor") installFloor();

const call = scenario.prepare();
process.on("message", ({ calls, heap }: { calls: number; heap: boolean }) => void round(calls, heap));
process.send?.("ready");

/** Collecting garbage between rounds would throw compiled code away, so only the heap's round does. */
async function round(calls: number, heap: boolean): Promise<void> {
  if (heap) globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  for (let done = 0; done < calls; done += 1) await call();
  const { user, system } = process.cpuUsage(before);
  if (heap) globalThis.gc?.();
  process.send?.({
    cpuMicroseconds: (user + system) / calls,
    keptBytes: (process.memoryUsage().heapUsed - heapBefore) / calls,
  });
}
