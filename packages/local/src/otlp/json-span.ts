import { empty, field, integer, type JsonObject, objects, readAttributes, text } from "./json-values.ts";
import { emptySpan, type ReceivedEvent, type ReceivedLink, type ReceivedSpan } from "./received-span.ts";

/** Reads a span of an OTLP/JSON request. @throws MalformedInput */
export const readJsonSpan = (span: JsonObject): ReceivedSpan => {
  const status = field(span, "status") ?? empty;
  return {
    ...emptySpan(),
    traceId: text(span, "traceId").toLowerCase(),
    spanId: text(span, "spanId").toLowerCase(),
    parentSpanId: text(span, "parentSpanId").toLowerCase(),
    traceState: text(span, "traceState"),
    name: text(span, "name"),
    kind: Number(integer(span, "kind")),
    startNanos: integer(span, "startTimeUnixNano"),
    endNanos: integer(span, "endTimeUnixNano"),
    attributes: readAttributes(span),
    events: objects(span, "events").map(readEvent),
    links: objects(span, "links").map(readLink),
    statusCode: Number(integer(status, "code")),
    statusMessage: text(status, "message"),
  };
};

const readEvent = (event: JsonObject): ReceivedEvent => ({
  timeNanos: integer(event, "timeUnixNano"),
  name: text(event, "name"),
  attributes: readAttributes(event),
});

const readLink = (link: JsonObject): ReceivedLink => ({
  traceId: text(link, "traceId").toLowerCase(),
  spanId: text(link, "spanId").toLowerCase(),
  traceState: text(link, "traceState"),
  attributes: readAttributes(link),
});
