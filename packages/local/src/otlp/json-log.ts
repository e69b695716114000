import { field, integer, type JsonObject, readAttributes, readValue, text } from "./json-values.ts";
import type { ReceivedLog } from "./received-log.ts";
import { valueText } from "./value.ts";

/** Reads a log record of an OTLP/JSON request. @throws MalformedInput */
export const readJsonLog = (log: JsonObject): ReceivedLog => ({
  traceId: text(log, "traceId").toLowerCase(),
  spanId: text(log, "spanId").toLowerCase(),
  timeNanos: integer(log, "timeUnixNano"),
  observedNanos: integer(log, "observedTimeUnixNano"),
  eventName: text(log, "eventName"),
  body: valueText(readValue(field(log, "body"))),
  attributes: readAttributes(log),
});
