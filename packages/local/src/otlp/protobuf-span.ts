import { readAttribute } from "./protobuf-values.ts";
import { emptySpan, type ReceivedEvent, type ReceivedLink, type ReceivedSpan } from "./received-span.ts";
import { bytesTag, fixed64Tag, varintTag, type WireReader } from "./wire-reader.ts";

// Field numbers of opentelemetry.proto. What is not listed (flags, dropped counts, schema urls) has no
// column in the landing table and is passed over, like every field of a later version.
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

/** Reads the span that the reader has entered. @throws MalformedInput */
export const readProtobufSpan = (reader: WireReader): ReceivedSpan => {
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
