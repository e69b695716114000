import { type Attributes, type Context, SpanKind, type Tracer } from "@opentelemetry/api";
import type { ResponseFacts } from "./adapter.ts";
import { names } from "./attributes.ts";
import { usageAttributes } from "./usage.ts";

/** Usage billed beside a call's own counts: a span of its own, zero-length, below the call's. */
export interface BilledLineSpan {
  readonly name: string;
  /** Tells the lines of one call apart: `compaction/0`. */
  readonly line: string;
  readonly attributes: Attributes;
}

/**
 * The lines of a call (a compaction, an advisor on another model), each a row of its own with its own
 * model, so that no token is counted twice.
 */
export function billedLines(facts: ResponseFacts, provider: string): BilledLineSpan[] {
  const places = new Map<string, number>();
  return (facts.usage?.lines ?? []).map(({ kind, model, usage }) => {
    const place = places.get(kind) ?? 0;
    places.set(kind, place + 1);
    const line = `${kind}/${place}`;
    const answering = model ?? facts.model;
    return {
      name: `chat ${kind}`,
      line,
      attributes: {
        [names.operationName]: "chat",
        [names.providerName]: provider,
        [names.usageScope]: "call",
        [names.usageLine]: line,
        ...(answering !== undefined && { [names.requestModel]: answering, [names.responseModel]: answering }),
        ...(facts.id !== undefined && { [names.responseId]: facts.id }),
        ...(facts.serviceTier !== undefined && { [names.serviceTier]: facts.serviceTier }),
        ...(facts.speed !== undefined && { [names.speed]: facts.speed }),
        ...(facts.inferenceGeo !== undefined && { [names.inferenceGeo]: facts.inferenceGeo }),
        ...usageAttributes(usage),
        [names.usageSource]: "reported",
      },
    };
  });
}

/** Starts and ends the spans of {@link billedLines} below the call's own. */
export function setBilledLines(tracer: Tracer, context: Context, facts: ResponseFacts, provider: string): void {
  const startTime = new Date();
  for (const { name, attributes } of billedLines(facts, provider)) {
    tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, context).end(startTime);
  }
}
