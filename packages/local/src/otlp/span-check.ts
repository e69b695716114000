import { isZero } from "./landing-row.ts";
import { type ReceivedLog, timeOf } from "./received-log.ts";
import type { ReceivedSpan } from "./received-span.ts";

/** Why a span was not stored. */
export type RejectionReason =
  | "malformed"
  | "trace_id"
  | "span_id"
  | "parent_span_id"
  | "link_id"
  | "start_time"
  | "too_many_events"
  | "refused_by_store";

/** What each reason says to the sender and to `doctor`. */
export const rejectionText: Readonly<Record<RejectionReason, string>> = {
  malformed: "that cannot be read",
  trace_id: "without a valid trace id",
  span_id: "without a valid span id",
  parent_span_id: "with an invalid parent span id",
  link_id: "with an invalid id in a link",
  start_time: "without a start time between 2015 and tomorrow",
  too_many_events: "with more than 10000 events or links",
  refused_by_store: "that the database refused",
};

const traceIdForm = /^[0-9a-f]{32}$/;
const spanIdForm = /^[0-9a-f]{16}$/;
const earliest = BigInt(Date.UTC(2015, 0)) * 1_000_000n;
const dayNanos = 86_400_000_000_000n;
const maxEvents = 10_000;

/**
 * Why a span cannot be stored, or `undefined` when it can.
 *
 * Without its ids a call could not be told from its own copy, and without its time it could not be
 * priced. Days far off would each cost a partition.
 */
export const spanRejection = (span: ReceivedSpan, nowMs: number): RejectionReason | undefined => {
  if (!traceIdForm.test(span.traceId) || isZero(span.traceId)) return "trace_id";
  if (!spanIdForm.test(span.spanId) || isZero(span.spanId)) return "span_id";
  if (span.parentSpanId !== "" && !spanIdForm.test(span.parentSpanId)) return "parent_span_id";
  if (!isNear(span.startNanos, nowMs)) return "start_time";
  if (span.events.length > maxEvents || span.links.length > maxEvents) return "too_many_events";
  if (span.events.some((event) => !isStorableTime(event.timeNanos))) return "malformed";
  if (span.links.some((link) => !isIdOrNone(link.traceId, traceIdForm) || !isIdOrNone(link.spanId, spanIdForm))) {
    return "link_id";
  }
  return undefined;
};

/** Why a log record cannot be stored. Most belong to no trace, so ids are none of it. */
export const logRejection = (log: ReceivedLog, nowMs: number): RejectionReason | undefined =>
  isNear(timeOf(log), nowMs) ? undefined : "start_time";

const isNear = (nanos: bigint, nowMs: number): boolean =>
  nanos >= earliest && nanos <= BigInt(nowMs) * 1_000_000n + dayNanos;

/** What a 64-bit count of nanoseconds holds: the years 1970 to 2262. */
const isStorableTime = (nanos: bigint): boolean => nanos >= 0n && nanos < 2n ** 63n;

const isIdOrNone = (id: string, form: RegExp): boolean => id === "" || form.test(id);
