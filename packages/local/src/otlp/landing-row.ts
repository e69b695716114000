import type { Attributes, ReceivedSpan, SpanSource } from "./received-span.ts";
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
export const landingRow = (span: ReceivedSpan, source: SpanSource): string => {
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
export const rowSize = (span: ReceivedSpan, source: SpanSource): number => {
  const owners = [source.resource, span.attributes, ...span.events.map((event) => event.attributes)];
  const texts = owners.flatMap((attributes) => [...attributes].flat());
  texts.push(span.name, span.traceState, span.statusMessage, source.scopeName, source.scopeVersion);
  for (const event of span.events) texts.push(event.name);
  for (const link of span.links) texts.push(link.traceState, ...[...link.attributes].flat());
  return texts.reduce((sum, text) => sum + quotedSize(text), 0);
};

const quotedSize = (text: string): number => {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) < 0x20) size += 5;
  return size;
};

interface SourceText {
  serviceName: string;
  attributes: string;
  scope: string;
}

const sourceTexts = new WeakMap<SpanSource, SourceText>();
const resourceTexts = new WeakMap<Attributes, string>();

const sourceText = (source: SpanSource): SourceText => {
  let built = sourceTexts.get(source);
  if (built === undefined) {
    let attributes = resourceTexts.get(source.resource);
    if (attributes === undefined) {
      attributes = mapText(source.resource);
      resourceTexts.set(source.resource, attributes);
    }
    built = {
      serviceName: quote(source.resource.get("service.name") ?? ""),
      attributes,
      scope: `${quote(source.scopeName)},${quote(source.scopeVersion)}`,
    };
    sourceTexts.set(source, built);
  }
  return built;
};

const mapText = (attributes: Attributes): string => {
  let text = "";
  for (const [name, value] of attributes) text += `${text === "" ? "" : ","}${quote(name)}:${quote(value)}`;
  return `{${text}}`;
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

const nanosPerSecond = 1_000_000_000n;

/** Nanoseconds since 1970 as decimal seconds, the form in which the column takes them exactly. */
const seconds = (nanos: bigint): string =>
  `${nanos / nanosPerSecond}.${(nanos % nanosPerSecond).toString().padStart(9, "0")}`;
