import { createHash } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import type { LandingRow } from "@tokenledger/clickhouse";

/** A span as an importer describes it; times in milliseconds since the epoch. */
export interface ImportedSpan {
  id: string;
  traceId: string;
  parent: string;
  name: string;
  kind: "Client" | "Internal";
  startedAt: number;
  endedAt: number;
  status?: "Unset" | "Error";
  attributes: Attributes;
}

/** The program whose records they are, and the scope that tells the facts how to read them. */
export interface ImportOrigin {
  service: string;
  version: string | undefined;
  scope: string;
}

/** The landing row of an imported span, as if its program had sent it. */
export function importedRow(span: ImportedSpan, origin: ImportOrigin): LandingRow {
  return {
    Timestamp: seconds(span.startedAt),
    TraceId: span.traceId,
    SpanId: span.id,
    ParentSpanId: span.parent,
    TraceState: "",
    SpanName: span.name,
    SpanKind: span.kind,
    ServiceName: origin.service,
    ResourceAttributes: { "service.name": origin.service, "service.version": origin.version ?? "" },
    ScopeName: origin.scope,
    ScopeVersion: "1",
    SpanAttributes: written(span.attributes),
    Duration: String(Math.max(0, span.endedAt - span.startedAt) * 1_000_000),
    StatusCode: span.status ?? "Unset",
    StatusMessage: "",
    "Events.Timestamp": [],
    "Events.Name": [],
    "Events.Attributes": [],
    "Links.TraceId": [],
    "Links.SpanId": [],
    "Links.TraceState": [],
    "Links.Attributes": [],
  };
}

/** A span or trace id that follows from what a record says of itself, so that a second import repeats it. */
export const identifier = (bytes: number, ...parts: string[]): string =>
  createHash("sha256")
    .update(parts.join("\0"))
    .digest("hex")
    .slice(0, bytes * 2);

/** Milliseconds as a decimal count of seconds, exactly. */
const seconds = (milliseconds: number): string =>
  `${Math.floor(milliseconds / 1000)}.${String(milliseconds % 1000).padStart(3, "0")}000000`;

/** Attributes as the exporter writes them: text as it is, the rest as JSON. */
function written(attributes: Attributes): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) result[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return result;
}
