import type { Attributes } from "./received.ts";

/** A log record as received, before it is checked. Ids are lower-case hexadecimal; absent ones are empty. */
export interface ReceivedLog {
  traceId: string;
  spanId: string;
  /** Nanoseconds since 1970; 0: not said. */
  timeNanos: bigint;
  /** When the sender's collector saw it. */
  observedNanos: bigint;
  eventName: string;
  /** In the text it is stored under. */
  body: string;
  attributes: Attributes;
}

/** When it happened, or else when it was seen: the rule of the ClickHouse exporter. */
export const timeOf = ({ timeNanos, observedNanos }: ReceivedLog): bigint =>
  timeNanos === 0n ? observedNanos : timeNanos;
