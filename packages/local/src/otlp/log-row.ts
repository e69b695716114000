import { type ReceivedLog, timeOf } from "./received-log.ts";
import type { RecordSource } from "./received.ts";
import { mapText, quotedSize, seconds, sourceText } from "./row-text.ts";
import { quote } from "./value.ts";

/** Columns of the table of logs that anything reads, in the order of {@link logRow}. */
export const logColumns = [
  "Timestamp",
  "TraceId",
  "SpanId",
  "ServiceName",
  "ResourceAttributes",
  "ScopeName",
  "ScopeVersion",
  "Body",
  "LogAttributes",
  "EventName",
] as const;

/** A log record as one JSON array of {@link logColumns}. */
export const logRow = (log: ReceivedLog, source: RecordSource): string => {
  const { serviceName, attributes, scope } = sourceText(source);
  return (
    `["${seconds(timeOf(log))}",${quote(log.traceId)},${quote(log.spanId)},${serviceName},${attributes},${scope},` +
    `${quote(log.body)},${mapText(log.attributes)},${quote(log.eventName)}]`
  );
};

/** Upper bound of a row's length. */
export const logSize = (log: ReceivedLog, source: RecordSource): number =>
  [log.body, log.eventName, ...[...source.resource].flat(), ...[...log.attributes].flat()].reduce(
    (sum, text) => sum + quotedSize(text),
    0,
  );
