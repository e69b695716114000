import type { LandingRow } from "@tokenledger/clickhouse";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";

/** A model call as an agent makes it, in the two forms the bench compares. */
export interface BenchSpan {
  traceId: string;
  spanId: string;
  startSeconds: number;
  startNanoseconds: number;
  attributes: Record<string, string | number>;
}

const agents = ["orchestrator", "researcher", "writer", "reviewer"];
const models = ["gpt-5.4", "gpt-5.4-mini", "claude-opus-4-6", "claude-haiku-4-5"];
const scope = { name: "@tokenledger/instrumentation-openai", version: "0.1.0" };
const epoch = Math.floor(Date.parse("2026-11-20T00:00:00Z") / 1000);

/** `count` spans that no other seed makes; ten to a trace. */
export function benchSpans(seed: number, count: number): BenchSpan[] {
  return Array.from({ length: count }, (_, index) => {
    const serial = seed * count + index;
    const agent = agents[serial % agents.length] ?? "";
    const model = models[serial % models.length] ?? "";
    return {
      traceId: hex(Math.floor(serial / 10) + 1, 32),
      spanId: hex(serial + 1, 16),
      startSeconds: epoch + (serial % 80_000),
      startNanoseconds: (serial * 7_919) % 1_000_000_000,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": model.startsWith("claude") ? "anthropic" : "openai",
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        "gen_ai.response.id": `resp_${serial}`,
        "gen_ai.usage.input_tokens": 1_000 + (serial % 5_000),
        "gen_ai.usage.output_tokens": 100 + (serial % 500),
        "gen_ai.usage.cache_read.input_tokens": serial % 900,
        "tokenledger.usage.scope": "call",
        "tokenledger.usage.source": "reported",
        "tokenledger.agent.path": JSON.stringify(["orchestrator", agent]),
        "gen_ai.agent.name": agent,
        "tokenledger.agent.step": 1 + (serial % 9),
        "tokenledger.customer.id": `customer-${serial % 50}`,
      },
    };
  });
}

export const landingRows = (spans: readonly BenchSpan[]): LandingRow[] =>
  spans.map((span) => ({
    Timestamp: `${span.startSeconds}.${String(span.startNanoseconds).padStart(9, "0")}`,
    TraceId: span.traceId,
    SpanId: span.spanId,
    ParentSpanId: "",
    TraceState: "",
    SpanName: "chat",
    SpanKind: "Client",
    ServiceName: "bench",
    ResourceAttributes: { "service.name": "bench" },
    ScopeName: scope.name,
    ScopeVersion: scope.version,
    SpanAttributes: Object.fromEntries(Object.entries(span.attributes).map(([name, value]) => [name, String(value)])),
    Duration: "1500000000",
    StatusCode: "Unset",
    StatusMessage: "",
    "Events.Timestamp": [],
    "Events.Name": [],
    "Events.Attributes": [],
    "Links.TraceId": [],
    "Links.SpanId": [],
    "Links.TraceState": [],
    "Links.Attributes": [],
  }));

/** An OTLP request as the official exporter encodes it. */
export function otlpRequest(spans: readonly BenchSpan[]): Uint8Array {
  const resource = { attributes: { "service.name": "bench" }, asyncAttributesPending: false };
  const readable = spans.map((span) => ({
    name: "chat",
    kind: 2,
    spanContext: () => ({ traceId: span.traceId, spanId: span.spanId, traceFlags: 1 }),
    startTime: [span.startSeconds, span.startNanoseconds],
    endTime: [span.startSeconds + 2, span.startNanoseconds],
    status: { code: 0 },
    attributes: span.attributes,
    events: [],
    links: [],
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }));
  // Only what the serializer reads of a span is there.
  const bytes = ProtobufTraceSerializer.serializeRequest(readable as never);
  if (!bytes) throw new Error("the spans could not be encoded");
  return bytes;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
