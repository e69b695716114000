import { MalformedInput } from "./malformed.ts";
import { readAttribute, readMessage } from "./protobuf-values.ts";
import {
  type Attributes,
  emptySpan,
  type ReceivedEvent,
  type ReceivedLink,
  type ReceivedSpan,
  type SpanSink,
  type SpanSource,
} from "./received-span.ts";
import { bytesTag, fixed64Tag, varintTag, WireReader } from "./wire-reader.ts";

// Field numbers of opentelemetry.proto. What is not listed (flags, dropped counts, schema urls) has no
// column in the landing table and is passed over, like every field of a later version.
const request = { resourceSpans: bytesTag(1) } as const;
const resourceSpans = { resource: bytesTag(1), scopeSpans: bytesTag(2) } as const;
const resource = { attributes: bytesTag(1) } as const;
const scopeSpans = { scope: bytesTag(1), spans: bytesTag(2) } as const;
const scope = { name: bytesTag(1), version: bytesTag(2) } as const;
const span = {
  traceId: bytesTag(1),
  spanId: bytesTag(2),
  traceState: bytesTag(3),
  parentSpanId: bytesTag(4),
  name: bytesTag(5),
  kind: varintTag(6),
  start: fixed64Tag(7),
  end: fixed64Tag(8),
  attributes: bytesTag(9),
  events: bytesTag(11),
  links: bytesTag(13),
  status: bytesTag(15),
} as const;
const event = { time: fixed64Tag(1), name: bytesTag(2), attributes: bytesTag(3) } as const;
const link = { traceId: bytesTag(1), spanId: bytesTag(2), traceState: bytesTag(3), attributes: bytesTag(4) } as const;
const status = { message: bytesTag(2), code: varintTag(3) } as const;

/**
 * Decodes an `ExportTraceServiceRequest`.
 *
 * @throws MalformedInput when the request itself cannot be read; a part of it that cannot goes to the sink alone
 */
export const decodeProtobuf = (body: Buffer, sink: SpanSink): void => {
  const reader = new WireReader(body);
  while (reader.next()) {
    if (reader.tag === request.resourceSpans) offer(reader, nowhere, sink, readResourceSpans);
    else reader.skip();
  }
};

const nowhere: SpanSource = { resource: new Map(), scopeName: "", scopeVersion: "" };

/** A message is framed by its length, so a bad one is passed over and its neighbours are kept. */
const offer = (
  reader: WireReader,
  source: SpanSource,
  sink: SpanSink,
  read: (reader: WireReader, source: SpanSource, sink: SpanSink) => void,
): void => {
  const outer = reader.enter();
  const end = reader.end;
  try {
    read(reader, source, sink);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    sink.unreadable(error.message, source);
    reader.end = end;
  }
  reader.leave(outer);
};

/** Senders may write the resource after its spans, so the spans are visited in a second pass. */
const readResourceSpans = (reader: WireReader, _source: SpanSource, sink: SpanSink): void => {
  const start = reader.position;
  const attributes: Attributes = new Map();
  while (reader.next()) {
    if (reader.tag === resourceSpans.resource)
      readMessage(reader, resource.attributes, () => readAttribute(reader, attributes));
    else reader.skip();
  }
  reader.position = start;
  while (reader.next()) {
    if (reader.tag === resourceSpans.scopeSpans) {
      offer(reader, { ...nowhere, resource: attributes }, sink, readScopeSpans);
    } else reader.skip();
  }
};

const readScopeSpans = (reader: WireReader, source: SpanSource, sink: SpanSink): void => {
  const start = reader.position;
  while (reader.next()) {
    if (reader.tag === scopeSpans.scope) readScope(reader, source);
    else reader.skip();
  }
  reader.position = start;
  while (reader.next()) {
    if (reader.tag === scopeSpans.spans) offer(reader, source, sink, offerSpan);
    else reader.skip();
  }
};

const readScope = (reader: WireReader, source: SpanSource): void => {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === scope.name) source.scopeName = reader.text();
    else if (reader.tag === scope.version) source.scopeVersion = reader.text();
    else reader.skip();
  }
  reader.leave(outer);
};

const offerSpan = (reader: WireReader, source: SpanSource, sink: SpanSink): void => sink.span(readSpan(reader), source);

const readSpan = (reader: WireReader): ReceivedSpan => {
  const received = emptySpan();
  while (reader.next()) {
    switch (reader.tag) {
      case span.traceId:
        received.traceId = reader.hex();
        break;
      case span.spanId:
        received.spanId = reader.hex();
        break;
      case span.traceState:
        received.traceState = reader.text();
        break;
      case span.parentSpanId:
        received.parentSpanId = reader.hex();
        break;
      case span.name:
        received.name = reader.text();
        break;
      case span.kind:
        received.kind = reader.small();
        break;
      case span.start:
        received.startNanos = reader.fixed64();
        break;
      case span.end:
        received.endNanos = reader.fixed64();
        break;
      case span.attributes:
        readAttribute(reader, received.attributes);
        break;
      case span.events:
        received.events.push(readEvent(reader));
        break;
      case span.links:
        received.links.push(readLink(reader));
        break;
      case span.status:
        readStatus(reader, received);
        break;
      default:
        reader.skip();
    }
  }
  return received;
};

const readEvent = (reader: WireReader): ReceivedEvent => {
  const received: ReceivedEvent = { timeNanos: 0n, name: "", attributes: new Map() };
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === event.time) received.timeNanos = reader.fixed64();
    else if (reader.tag === event.name) received.name = reader.text();
    else if (reader.tag === event.attributes) readAttribute(reader, received.attributes);
    else reader.skip();
  }
  reader.leave(outer);
  return received;
};

const readLink = (reader: WireReader): ReceivedLink => {
  const received: ReceivedLink = { traceId: "", spanId: "", traceState: "", attributes: new Map() };
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === link.traceId) received.traceId = reader.hex();
    else if (reader.tag === link.spanId) received.spanId = reader.hex();
    else if (reader.tag === link.traceState) received.traceState = reader.text();
    else if (reader.tag === link.attributes) readAttribute(reader, received.attributes);
    else reader.skip();
  }
  reader.leave(outer);
  return received;
};

const readStatus = (reader: WireReader, received: ReceivedSpan): void => {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.tag === status.code) received.statusCode = reader.small();
    else if (reader.tag === status.message) received.statusMessage = reader.text();
    else reader.skip();
  }
  reader.leave(outer);
};
