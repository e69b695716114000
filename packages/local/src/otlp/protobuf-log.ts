import { readAttribute, readValue } from "./protobuf-values.ts";
import type { ReceivedLog } from "./received-log.ts";
import { valueText } from "./value.ts";
import { bytesTag, fixed64Tag, type WireReader } from "./wire-reader.ts";

// Field numbers of opentelemetry.proto. What is not listed (severity, flags, dropped counts) is read by nothing.
const log = {
  time: fixed64Tag(1),
  body: bytesTag(5),
  attributes: bytesTag(6),
  traceId: bytesTag(9),
  spanId: bytesTag(10),
  observed: fixed64Tag(11),
  eventName: bytesTag(12),
} as const;

/** Reads the log record that the reader has entered. @throws MalformedInput */
export const readProtobufLog = (reader: WireReader): ReceivedLog => {
  const received: ReceivedLog = {
    traceId: "",
    spanId: "",
    timeNanos: 0n,
    observedNanos: 0n,
    eventName: "",
    body: "",
    attributes: new Map(),
  };
  while (reader.next()) {
    if (reader.tag === log.attributes) readAttribute(reader, received.attributes);
    else if (reader.tag === log.time) received.timeNanos = reader.fixed64();
    else if (reader.tag === log.observed) received.observedNanos = reader.fixed64();
    else if (reader.tag === log.body) received.body = valueText(readValue(reader));
    else if (reader.tag === log.traceId) received.traceId = reader.hex();
    else if (reader.tag === log.spanId) received.spanId = reader.hex();
    else if (reader.tag === log.eventName) received.eventName = reader.text();
    else reader.skip();
  }
  return received;
};
