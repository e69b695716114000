import type { RecordSource } from "./received.ts";
import type { ReceivedSpan } from "./received-span.ts";
import { mapText, quotedSize, seconds, sourceText } from "./row-text.ts";
import { quote } from "./value.ts";

/** Columns of the landing table, in the order of {@link landingRow}. */
export const landingColumns = [
  "Timestamp",
  "TraceId",
  "SpanId",
  "ParentSpanId",
  "TraceState",
  "SpanName",
  "SpanKind",
  "ServiceName",
  "ResourceAttributes",
  "ScopeName",
  "ScopeVersion",
  "SpanAttributes",
  "Duration",
  "StatusCode",
  "StatusMessage",
  "Events.Timestamp",
  "Events.Name",
  "Events.Attributes",
  "Links.TraceId",
  "Links.SpanId",
  "Links.TraceState",
  "Links.Attributes",
] as const;

const kinds = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
const statusCodes = ["Unset", "Ok", "Error"];
const none = "[],[],[]";

/**
 * A span as one JSON array of {@link landingColumns}: ClickHouse's JSONCompactEachRow.
 *
 * Text is built directly, without an object per row; the resource's part is built once per source.
 */
export const landingRow = (span: ReceivedSpan, source: RecordSource): string => {
  const { serviceName, attributes, scope } = sourceText(source);
  const duration = span.endNanos > span.startNanos ? span.endNanos - span.startNanos : 0n;
  const parent = isZero(span.parentSpanId) ? "" : span.parentSpanId;
  return (
    `["${seconds(span.startNanos)}","${span.traceId}","${span.spanId}","${parent}",` +
    `${quote(span.traceState)},${quote(span.name)},"${kinds[span.kind] ?? ""}",${serviceName},${attributes},${scope},` +
    `${mapText(span.attributes)},"${duration}","${statusCodes[span.statusCode] ?? ""}",${quote(span.statusMessage)},` +
    `${eventsText(span)},${linksText(span)}]`
  );
};

/**
 * Upper bound of a row's length. In JSON a control character takes six times its place, so a row has to
 * be measured before it is built where it could be large.
 */
export const rowSize = (span: ReceivedSpan, source: RecordSource): number => {
  const owners = [source.resource, span.attributes, ...span.events.map((event) => event.attributes)];
  const texts = owners.flatMap((attributes) => [...attributes].flat());
  texts.push(span.name, span.traceState, span.statusMessage, source.scopeName, source.scopeVersion);
  for (const event of span.events) texts.push(event.name);
  for (const link of span.links) texts.push(link.traceState, ...[...link.attributes].flat());
  return texts.reduce((sum, text) => sum + quotedSize(text), 0);
};

const eventsText = ({ events }: ReceivedSpan): string => {
  if (events.length === 0) return none;
  const times = events.map((event) => `"${seconds(event.timeNanos)}"`);
  const eventNames = events.map((event) => quote(event.name));
  return `[${times.join(",")}],[${eventNames.join(",")}],[${events.map((event) => mapText(event.attributes)).join(",")}]`;
};

const linksText = ({ links }: ReceivedSpan): string => {
  if (links.length === 0) return `[],${none}`;
  const column = (text: (link: ReceivedSpan["links"][number]) => string): string => `[${links.map(text).join(",")}]`;
  return [
    column((link) => quote(link.traceId)),
    column((link) => quote(link.spanId)),
    column((link) => quote(link.traceState)),
    column((link) => mapText(link.attributes)),
  ].join(",");
};

/** Whether an id is absent: empty or all zeros. */
export const isZero = (id: string): boolean => /^0*$/.test(id);
