/** Attributes by name, already in the text they are stored under. A `Map`: names are hostile. */
export type Attributes = Map<string, string>;

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

/** What the spans of one resource and scope have in common. */
export interface SpanSource {
  resource: Attributes;
  scopeName: string;
  scopeVersion: string;
}

/** Takes spans one by one as a request is decoded. */
export interface SpanSink {
  span(span: ReceivedSpan, source: SpanSource): void;
  /** A span that cannot be read, though its neighbours can. */
  unreadable(problem: string, source: SpanSource): void;
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
