import { type Context, SpanKind, type Tracer } from "@opentelemetry/api";
import type { ResponseFacts } from "./adapter.ts";
import { names } from "./attributes.ts";
import { usageAttributes } from "./usage.ts";

/**
 * Usage billed beside a call's own counts (a compaction, an advisor on another model) becomes a
 * zero-length child span per line: a row of its own with its own model, and no token counted twice.
 */
export function setBilledLines(tracer: Tracer, context: Context, facts: ResponseFacts, provider: string): void {
  const startTime = new Date();
  const places = new Map<string, number>();
  for (const { kind, model, usage } of facts.usage?.lines ?? []) {
    const place = places.get(kind) ?? 0;
    places.set(kind, place + 1);
    const answering = model ?? facts.model;
    const span = tracer.startSpan(
      `chat ${kind}`,
      {
        kind: SpanKind.CLIENT,
        startTime,
        attributes: {
          [names.operationName]: "chat",
          [names.providerName]: provider,
          [names.usageScope]: "call",
          [names.usageLine]: `${kind}/${place}`,
          ...(answering !== undefined && { [names.requestModel]: answering, [names.responseModel]: answering }),
          ...(facts.id !== undefined && { [names.responseId]: facts.id }),
          ...(facts.serviceTier !== undefined && { [names.serviceTier]: facts.serviceTier }),
          ...(facts.speed !== undefined && { [names.speed]: facts.speed }),
          ...(facts.inferenceGeo !== undefined && { [names.inferenceGeo]: facts.inferenceGeo }),
          ...usageAttributes(usage),
          [names.usageSource]: "reported",
        },
      },
      context,
    );
    span.end(startTime);
  }
}
