import type { Attributes } from "./received.ts";

/** A span as received, before it is checked. Ids are lower-case hexadecimal; an absent parent is empty. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: number;
  /** Nanoseconds since 1970; 0: not said. */
  startNanos: bigint;
  endNanos: bigint;
  attributes: Attributes;
  events: ReceivedEvent[];
  links: ReceivedLink[];
  statusCode: number;
  statusMessage: string;
}

export interface ReceivedEvent {
  timeNanos: bigint;
  name: string;
  attributes: Attributes;
}

export interface ReceivedLink {
  traceId: string;
  spanId: string;
  traceState: string;
  attributes: Attributes;
}

export const emptySpan = (): ReceivedSpan => ({
  traceId: "",
  spanId: "",
  parentSpanId: "",
  traceState: "",
  name: "",
  kind: 0,
  startNanos: 0n,
  endNanos: 0n,
  attributes: new Map(),
  events: [],
  links: [],
  statusCode: 0,
  statusMessage: "",
});
