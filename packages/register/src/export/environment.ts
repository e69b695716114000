import { getNumberFromEnv, getStringFromEnv, getStringListFromEnv } from "@opentelemetry/core";
import {
  detectResources,
  defaultResource,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  type Resource,
  type ResourceDetector,
} from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SpanLimits,
} from "@opentelemetry/sdk-trace";
import { diag } from "@tokenledger/core";
import type { QueueLimits } from "./span-queue.ts";

/**
 * What `OTEL_*` variables say about tracing, as the OpenTelemetry specification defines them. The SDK
 * package that reads them all, sdk-node, would bring gRPC, metrics and logs into the user's process:
 * five times the files and four times the load time.
 */

const ratio = (): number => getNumberFromEnv("OTEL_TRACES_SAMPLER_ARG") ?? 1;

const rootSamplers: Readonly<Record<string, () => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: () => new TraceIdRatioBasedSampler(ratio()),
};

/** `OTEL_TRACES_SAMPLER`; `undefined` where it says nothing that is known. */
export const samplerFromEnvironment = (): Sampler | undefined => {
  const name = getStringFromEnv("OTEL_TRACES_SAMPLER");
  if (name === undefined) return undefined;
  const root = rootSamplers[name.replace(/^parentbased_/, "")]?.();
  if (root === undefined) diag.error(`tokenledger: unknown OTEL_TRACES_SAMPLER "${name}"; all spans are kept`);
  return root !== undefined && name.startsWith("parentbased_") ? new ParentBasedSampler({ root }) : root;
};

/** `OTEL_SPAN_*_LIMIT` and `OTEL_ATTRIBUTE_*_LIMIT`. */
export const limitsFromEnvironment = (): SpanLimits => {
  const limits: [keyof SpanLimits, ...string[]][] = [
    ["attributeCountLimit", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"],
    ["attributeValueLengthLimit", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
    ["eventCountLimit", "OTEL_SPAN_EVENT_COUNT_LIMIT"],
    ["linkCountLimit", "OTEL_SPAN_LINK_COUNT_LIMIT"],
    ["attributePerEventCountLimit", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"],
    ["attributePerLinkCountLimit", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"],
  ];
  const result: SpanLimits = {};
  for (const [limit, ...variables] of limits) {
    const value = variables.map((name) => getNumberFromEnv(name)).find((number) => number !== undefined);
    if (value !== undefined) result[limit] = value;
  }
  return result;
};

const detectors: Readonly<Record<string, ResourceDetector>> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
};

/**
 * The resource. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` always count. Without
 * `OTEL_NODE_RESOURCE_DETECTORS` the host and process detectors stay off: they start programs to
 * find the host's id and record command lines, which may hold secrets.
 */
export const resourceFromEnvironment = (): Resource => {
  const asked = getStringListFromEnv("OTEL_NODE_RESOURCE_DETECTORS") ?? ["serviceinstance"];
  const chosen = asked.includes("all") ? Object.keys(detectors) : asked.filter((name) => name in detectors);
  return defaultResource()
    .merge(resourceFromAttributes({ "process.pid": process.pid, "process.runtime.version": process.versions.node }))
    .merge(detectResources({ detectors: [...new Set([...chosen, "env"])].flatMap((name) => detectors[name] ?? []) }));
};

/** `OTEL_BSP_*`, with defaults that lose nothing in a burst and deliver at once. */
export const queueLimitsFromEnvironment = (): QueueLimits => {
  const batchSpans = getNumberFromEnv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? 512;
  return {
    delayMillis: getNumberFromEnv("OTEL_BSP_SCHEDULE_DELAY") ?? 100,
    batchSpans,
    queuedSpans: getNumberFromEnv("OTEL_BSP_MAX_QUEUE_SIZE") ?? 16_384,
    queuedBytes: 32 * 1024 * 1024,
    exitMillis: 2_000,
  };
};

/** `OTEL_TRACES_EXPORTER`: which of the exporters we have are asked for. */
export const exportersFromEnvironment = (): ReadonlySet<"otlp" | "console"> => {
  const known = new Set<"otlp" | "console">();
  for (const name of getStringListFromEnv("OTEL_TRACES_EXPORTER") ?? ["otlp"]) {
    if (name === "otlp" || name === "console") known.add(name);
    else if (name !== "none")
      diag.error(`tokenledger: OTEL_TRACES_EXPORTER "${name}" is not supported: use otlp or console`);
  }
  return known;
};
